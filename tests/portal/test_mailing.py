"""One URL says where outgoing mail goes."""

import pytest

from portal.mailing import fallback_from_url, from_url


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://a%40b:pw@mail.example", 587, False, True),
        ("smtps://a%40b:pw@mail.example", 465, True, False),
        ("smtp://a%40b:pw@mail.example:25?tls=no", 25, False, False),
    ],
)
def test_smtp(url: str, port: int, ssl: bool, tls: bool) -> None:
    found = from_url(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b", "pw")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (ssl, tls)


def test_mail_as_files() -> None:
    assert from_url("file:///tmp/outbox")["EMAIL_FILE_PATH"] == "/tmp/outbox"  # noqa: S108


def test_another_scheme_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        from_url("https://mail.example")
    assert "VIGIL_EMAIL_URL" in capsys.readouterr().err


def test_a_second_server_takes_the_same_kind_of_url(capsys: pytest.CaptureFixture[str]) -> None:
    assert fallback_from_url("") == {}
    found = fallback_from_url("smtps://a%40b:pw@second.example")
    assert (found["host"], found["port"], found["use_ssl"]) == ("second.example", 465, True)
    assert (found["username"], found["password"]) == ("a@b", "pw")
    for wrong in ("file:///tmp/x", "https://x"):
        with pytest.raises(SystemExit):
            fallback_from_url(wrong)
        assert "VIGIL_EMAIL_FALLBACK_URL" in capsys.readouterr().err
