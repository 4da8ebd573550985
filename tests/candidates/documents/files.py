"""Files as people upload them, made by hand: no personal data, and no library that writes PDFs."""

import hashlib
import io
import zipfile

from django.urls import reverse

WORDS = "Pessoa de Teste, desenvolvedora Java em Recife - PE, com SQL e Docker"


def pdf(*pages, trailer=b"", lock=lambda number, content: content):
    """A PDF with a page for each text; a text may be bytes of a content stream of its own."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _FONT]
    kids = []
    for page in pages or (WORDS,):
        content = page if isinstance(page, bytes) else _shown(page)
        number = len(objects) + 1
        kids.append(b"%d 0 R" % number)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        objects.append(_stream(lock(number + 1, content)))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return written(objects, trailer=trailer)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def _shown(text):
    lines = b"".join(b"(%s) Tj T* " % _escaped(line) for line in text.split("\n"))
    return b"BT /F1 10 Tf 12 TL 40 760 Td " + lines + b"ET"


def _escaped(line):
    data = line.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _stream(content, extra=b""):
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), extra, content)


def written(objects, trailer=b""):
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def scanned_pdf():
    """A page that is one picture."""
    image = b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>",
        _stream(b"q 600 0 0 800 0 0 cm /I Do Q"),
        _stream(b"\x00\x80\xc0\xff", image),
    ]
    return written(objects)


def locked_pdf(password=b"secret"):
    """A PDF that asks for a password: the standard handler, revision 2, RC4 of 40 bits."""
    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded, identifier, allowed = (password + pad)[:32], b"0123456789abcdef", -4
    owner = rc4(hashlib.md5(padded).digest()[:5], padded)
    rights = allowed.to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + rights + identifier).digest()[:5]
    user = rc4(key, pad)
    settings = b"/Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d"
    trailer = (b"/Encrypt << " + settings + b" >> /ID [<%s> <%s>]") % (
        owner.hex().encode(), user.hex().encode(), allowed, *[identifier.hex().encode()] * 2,
    )  # fmt: skip

    def lock(number, content):
        own = hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[:10]
        return rc4(own, content)

    return pdf(WORDS, trailer=trailer, lock=lock)


def rc4(key, data):
    box, swap = list(range(256)), 0
    for at in range(256):
        swap = (swap + box[at] + key[at % len(key)]) % 256
        box[at], box[swap] = box[swap], box[at]
    first = second = 0
    out = bytearray()
    for byte in data:
        first = (first + 1) % 256
        second = (second + box[first]) % 256
        box[first], box[second] = box[second], box[first]
        out.append(byte ^ box[(box[first] + box[second]) % 256])
    return bytes(out)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*paragraphs, body="", header="", prolog="", **parts):
    """A Word file; ``body`` is XML put after the paragraphs."""
    own = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs or (WORDS,))
    inside = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{own}{body}</w:body>'
        "</w:document>",
    }
    if header:
        inside["word/header1.xml"] = (
            f'<w:hdr xmlns:w="{WORD}"><w:p><w:r><w:t>{header}</w:t></w:r></w:p></w:hdr>'
        )
    return archive(inside | parts)


def odt(text=WORDS, *, encrypted=False):
    manifest = "<manifest>" + ("<encryption-data/>" if encrypted else "") + "</manifest>"
    content = (
        '<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text>'
        f"<text:p>{text}</text:p></office:text></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def archive(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


def zip_bomb():
    """Half a megabyte that is 300 megabytes of blanks."""
    packed = io.BytesIO()
    file = zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED)
    with file, file.open("word/document.xml", "w", force_zip64=True) as part:
        for _ in range(300):
            part.write(b" " * 1024 * 1024)
    return packed.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512


def old_word():
    return OLE + "WordDocument".encode("utf-16-le") + b"\x00" * 512


def locked_docx():
    return OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 512


CV = """Pessoa de Teste
Desenvolvedora Java Sênior
Recife - PE | teste.pessoa@example.com | (81) 91234-5678
Inglês avançado. Sei Docker e PostgreSQL.
"""


def at(name, document):
    return reverse(f"candidates:{name}", kwargs={"pk": document.pk})


def form_of(document, **values):
    """What the page of a file sends when nothing is corrected."""
    fields = {name: found["value"] for name, found in document.proposed.get("fields", {}).items()}
    return fields | {"person": "", "update": "missing"} | values
