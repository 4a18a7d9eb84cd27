import pytest

pytestmark = pytest.mark.browser


def test_a_page_without_a_session_leads_to_the_login_and_back_to_the_page(visit, product):
    window = visit(None, 1440, 900)
    window.page.goto(f"{product.address}/mediation?period=2026-ytd")
    assert "/login" in window.page.url
    window.page.fill("input[name=username]", "leader")
    window.page.fill("input[name=password]", "Stone-Lake-2026-a")
    window.page.click("main form button")
    window.page.wait_for_url("**/mediation?period=2026-ytd")


def test_a_wrong_password_is_told_in_chinese_and_keeps_the_name(visit, product):
    window = visit(None, 390, 844)
    window.page.goto(f"{product.address}/login")
    window.page.fill("input[name=username]", "leader")
    window.page.fill("input[name=password]", "wrong")
    window.page.click("main form button")
    window.page.wait_for_selector("[role=alert]")
    assert "密码" in window.page.inner_text("[role=alert]")
    assert window.page.input_value("input[name=username]") == "leader"
    assert window.foreign == []


def test_the_wall_account_sees_the_wall_and_nothing_else(visit, product):
    window = visit("wall", 1280, 720)
    answer = window.page.request.get(f"{product.address}/mediation", max_redirects=0)
    assert answer.status == 403
    assert window.page.request.get(f"{product.address}/api/v1/metrics").status == 403
    assert window.page.request.get(f"{product.address}/wall").status == 200


def test_logging_out_ends_the_session_at_once(visit, product):
    window = visit("leader", 1280, 720)
    origin = {"Origin": product.address}
    assert window.page.request.get(f"{product.address}/hotline").status == 200
    window.page.request.post(f"{product.address}/logout", headers=origin)
    answer = window.page.request.get(f"{product.address}/hotline", max_redirects=0)
    assert answer.status in (302, 303)
