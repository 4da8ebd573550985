import socket

import pytest

from candidates.integration import addresses
from candidates.integration.addresses import BadAddress, is_allowed, parse, reachable

PUBLIC = "93.184.216.34"


def resolver(*found):
    return lambda host, port: list(found)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://hooks.example.com", "https://hooks.example.com/"),
        ("  https://hooks.example.com/a?b=c&d=%20e ", "https://hooks.example.com/a?b=c&d=%20e"),
        ("https://HOOKS.Example.COM/In", "https://hooks.example.com/In"),
        ("https://hooks.example.com.:443/", "https://hooks.example.com/"),
        ("https://hooks.example.com:8443/", "https://hooks.example.com:8443/"),
        ("https://hooks.example.com:80/", "https://hooks.example.com:80/"),
        ("https://hooks.example.com/#part", "https://hooks.example.com/"),
        ("https://contratação.example/olá", "https://xn--contratao-s2a7b.example/ol%C3%A1"),
        ("https://93.184.216.34/", "https://93.184.216.34/"),
        ("https://[2606:2800:220:1::1]:9000/", "https://[2606:2800:220:1::1]:9000/"),
    ],
)
def test_addresses_are_kept_in_one_way_of_writing(written, url):
    assert parse(written).url == url


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "not_https"),
        ("hooks.example.com", "not_https"),
        ("http://hooks.example.com/", "not_https"),
        ("ftp://hooks.example.com/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("gopher://hooks.example.com/", "not_https"),
        ("https://", "bad_address"),
        ("https:///path", "bad_address"),
        ("https://user@hooks.example.com/", "credentials"),
        ("https://user:secret@hooks.example.com/", "credentials"),
        ("https://good.example.com\\@127.0.0.1/", "bad_address"),
        ("https://hooks.example.com/a b", "bad_address"),
        ("https://hooks.example.com/\r\nX-Evil: 1", "bad_address"),
        ("https://hooks.example.com\t/", "bad_address"),
        ("https://hooks.example.com:22/", "port"),
        ("https://hooks.example.com:25/", "port"),
        ("https://hooks.example.com:0/", "port"),
        ("https://hooks.example.com:99999/", "bad_address"),
        ("https://hooks.example.com:port/", "bad_address"),
        ("https://intranet/", "short_name"),
        ("https://localhost/", "short_name"),
        ("https://hooks..example.com/", "bad_address"),
        ("https://hooks.example.com../", "bad_address"),
        ("https://-hooks.example.com/", "bad_address"),
        ("https://" + "a" * 64 + ".example.com/", "bad_address"),
        ("https://hooks.example.com/" + "a" * 500, "bad_address"),
        # Numbers that systems read as 127.0.0.1
        ("https://2130706433/", "bad_address"),
        ("https://017700000001/", "bad_address"),
        ("https://0x7f000001/", "bad_address"),
        ("https://0x7f.0.0.1/", "bad_address"),
        ("https://0177.0.0.1/", "bad_address"),
        ("https://127.1/", "bad_address"),
        ("https://127.0.0.0x1/", "bad_address"),
        ("https://[::1%25eth0]/", "bad_address"),
        ("https://[::1/", "bad_address"),
    ],
)
def test_what_is_no_address_of_another_system_is_refused_by_its_kind(written, code):
    with pytest.raises(BadAddress) as refused:
        parse(written)
    assert refused.value.code == code
    assert str(refused.value.text)


PRIVATE = """
127.0.0.1 127.1.2.3 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.1.1
100.64.0.1 100.127.255.254 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1
240.0.0.1 255.255.255.255
::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 fe80::1 fe80::1%eth0 fec0::1
fc00::1 fd12:3456::1 ff02::1 ff0e::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b:1::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 100::1 fd00:ec2::254 nonsense 1.2.3
"""


@pytest.mark.parametrize("machine", PRIVATE.split())
def test_no_machine_inside_a_network_is_reached(machine):
    assert not is_allowed(machine)


@pytest.mark.parametrize(
    "machine", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_machines_on_the_internet_are_reached(machine):
    assert is_allowed(machine)


def test_one_bad_address_of_a_name_is_enough_to_refuse_it():
    target = parse("https://hooks.example.com/")
    assert reachable(target, resolver=resolver(PUBLIC)) == [PUBLIC]
    for bad in ("10.0.0.1", "::1", "169.254.169.254"):
        with pytest.raises(BadAddress) as refused:
            reachable(target, resolver=resolver(PUBLIC, bad))
        assert refused.value.code == "private_address"


def test_a_name_that_nobody_knows_is_said_to_be_so():
    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    for fails in (unknown, resolver()):
        with pytest.raises(BadAddress) as refused:
            reachable(parse("https://hooks.example.com/"), resolver=fails)
        assert refused.value.code == "not_resolved"


def test_the_systems_resolver_is_asked_and_loopback_refused():
    assert addresses.resolve("127.0.0.1", 443) == ["127.0.0.1"]
    with pytest.raises(BadAddress):
        reachable(parse("https://127.0.0.1/"))


def test_settings_let_http_through_for_development(settings):
    settings.WEBHOOK_INSECURE = True
    assert parse("http://hooks.example.com/").url == "http://hooks.example.com/"
    assert parse("http://hooks.example.com:443/").netloc == "hooks.example.com:443"


def test_settings_let_webhooks_into_own_networks_but_never_to_where_clouds_keep_credentials(settings):
    settings.WEBHOOK_PRIVATE = ["10.20.0.0/16", "169.254.0.0/16", "fd00::/8"]
    assert is_allowed("10.20.3.4")
    assert is_allowed("fd00::1")
    assert not is_allowed("10.21.0.1")
    assert not is_allowed("127.0.0.1")
    assert not is_allowed("169.254.169.254")
    assert parse("https://intranet/").host == "intranet"
