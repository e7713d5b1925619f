"""摘要认证: the examples printed in the RFCs."""

import pytest

from simulator.digest import Account, Asked, Challenge, answer_to, challenge_in

MUFASA = Account(user="Mufasa", secret="Circle Of Life")
PAGE = Asked(method="GET", uri="/dir/index.html")


def test_the_example_of_rfc_2617() -> None:
    challenge = Challenge(
        realm="testrealm@host.com",
        nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
        algorithm="MD5",
        qop="auth",
        opaque="5ccc069c403ebaf9f0171e9517f40e41",
    )
    answer = answer_to(challenge, MUFASA, PAGE, "0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in answer
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in answer


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, response: str) -> None:
    challenge = Challenge(
        realm="http-auth@example.org",
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        algorithm=algorithm,
        qop="auth",
        opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    )
    account = Account(user="Mufasa", secret="Circle of Life")
    answer = answer_to(challenge, account, PAGE, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    assert f'response="{response}"' in answer


def test_the_example_of_rfc_2069_without_qop() -> None:
    challenge = Challenge(
        realm="testrealm@host.com",
        nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
        algorithm="MD5",
        qop="",
        opaque="",
    )
    answer = answer_to(challenge, Account(user="Mufasa", secret="CircleOfLife"), PAGE, "")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in answer
    assert "cnonce" not in answer


def test_the_challenge_of_a_telephone_server_is_read() -> None:
    header = 'Digest realm="asterisk",nonce="1732240000/0a1b",opaque="55ad",algorithm=md5,qop="auth,auth-int"'
    assert challenge_in(["Basic realm=x", header]) == Challenge(
        realm="asterisk", nonce="1732240000/0a1b", algorithm="MD5", qop="auth", opaque="55ad"
    )


def test_a_challenge_that_we_cannot_answer_is_none() -> None:
    assert challenge_in(['Digest realm="x", nonce="y", algorithm=SHA-512-256']) is None
    assert challenge_in([]) is None
