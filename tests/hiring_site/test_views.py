def test_pages_without_an_icon_get_the_products(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response.url.endswith("img/favicon.svg")


def test_the_admin_carries_the_products_name(admin_page):
    assert "Peneira" in admin_page.get("/admin/").content.decode()
