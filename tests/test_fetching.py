"""Retrieving an address, from a server on loopback; nothing here leaves the machine."""

from __future__ import annotations

import gzip
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dossier.fetching import Fetched, FetchError, Limits, fetch, is_public, look_up
from loopback import Answer, Loopback, Then, loopback, page, redirect

QUICK = Limits(redirects=3, answer=20.0, whole=60.0, size=100_000)
# Silence has no end here, so that how soon it is given up decides nothing.
IMPATIENT = Limits(redirects=3, answer=0.05, whole=60.0, size=100_000)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


def standing() -> float:
    """A clock that stands still: how busy this machine is changes no outcome."""
    return 0.0


def ticking(step: float) -> Callable[[], float]:
    """A clock that goes on by a step each time that it is read."""
    ticks = itertools.count(step=step)
    return lambda: float(next(ticks))


def get(address: str, limits: Limits = QUICK) -> Fetched:
    return fetch(address, allow_private=True, limits=limits, clock=standing)


def fault(
    address: str,
    *,
    allow_private: bool = True,
    limits: Limits = QUICK,
    clock: Callable[[], float] = standing,
) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(address, allow_private=allow_private, limits=limits, clock=clock)
    return caught.value


def test_a_page(server: Loopback) -> None:
    """A page comes with its status, its type and the encoding that was declared for it."""
    server.answers["/a?b=c"] = page(b"hello", "Content-Type: Text/HTML; charset=ISO-8859-1")
    found = get(server.url("/a?b=c#part"))
    assert (found.status, found.body) == (200, b"hello")
    assert (found.media_type, found.charset) == ("text/html", "iso-8859-1")


def test_what_is_said_of_us(server: Loopback) -> None:
    """A request names the tool, and neither a person nor a machine."""
    get(server.url("/"))
    headers = [line.split(":")[0] for line in server.requests[0].splitlines()[1:] if line]
    assert headers == ["Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"]
    assert "User-Agent: dossier/" in server.requests[0]
    assert socket.gethostname() not in server.requests[0].replace("localhost", "")


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "500 Oh", "403 No"])
def test_errors_of_a_server_are_answers(server: Loopback, status: str) -> None:
    """A status is for the caller to judge."""
    server.answers["/"] = page(b"sorry", status=status)
    assert get(server.url()).status == int(status[:3])


def test_redirections(server: Loopback) -> None:
    """Redirections are followed, relative ones and those not in ASCII too; the last one counts."""
    server.answers["/a"] = redirect("/b/c", "302 Found")
    server.answers["/b/c"] = redirect("d?x=1", "307 Temporary Redirect")
    server.answers["/b/d?x=1"] = (
        b"HTTP/1.1 308 X\r\nLocation: /\xc3\xbc\r\nContent-Length: 0\r\n\r\n"
    )
    server.answers["/%C3%BC"] = page(b"here")
    found = get(server.url("/a"))
    assert (found.body, found.address) == (b"here", server.url("/ü"))


def test_a_circle_of_redirections(server: Loopback) -> None:
    """A circle is found, and a chain has an end."""
    server.answers["/a"] = redirect("/b")
    server.answers["/b"] = redirect("/a")
    assert "circle" in str(fault(server.url("/a")))
    for number in range(9):
        server.answers[f"/{number}"] = redirect(f"/{number + 1}")
    assert "more than 3 times" in str(fault(server.url("/0")))
    assert len(server.requests) == 2 + 4


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[::", "data:,x"])
def test_a_redirection_to_what_is_refused(server: Loopback, to: str) -> None:
    """Where a redirection leads is judged as if an author had written it."""
    server.answers["/"] = redirect(to)
    fault(server.url())
    assert len(server.requests) == 1


def test_a_redirection_from_outside_to_inside(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public address cannot lead to a private one."""
    server.answers["/"] = redirect("http://inside.example/")
    names = {"outside.example": ("127.0.0.1",), "inside.example": ("10.0.0.1",)}
    asked: list[str] = []

    def stub(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return names[host]

    # That the first is let through is what a public address would be.
    monkeypatch.setattr("dossier.fetching.is_public", lambda ip: ip == "127.0.0.1")
    with pytest.raises(FetchError) as caught:
        fetch(server.url(host="outside.example"), limits=QUICK, look_up=stub)
    assert caught.value.refused
    assert asked == ["outside.example", "inside.example"]


def test_a_redirection_without_a_place(server: Loopback) -> None:
    """A redirection that leads nowhere is an answer."""
    server.answers["/"] = page(b"x", status="302 Found")
    assert get(server.url()).status == 302


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/",
        "javascript:alert(1)",
        "example.org/x",
        "",
        "http://",
        "http:///path",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "http://user:word@example.org/",
        "http://a" + "b" * 80 + ".example/",
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://localhost/",
    ],
)
def test_addresses_that_are_refused(address: str) -> None:
    """What is no http address, or not on the public Internet, is not asked."""
    assert fault(address, allow_private=False).refused


@pytest.mark.parametrize("ips", [("127.0.0.1",), ("93.184.215.14", "127.0.0.1"), ("::1",)])
def test_a_name_that_resolves_to_loopback(ips: tuple[str, ...]) -> None:
    """A name is judged by all of its addresses."""
    with pytest.raises(FetchError) as caught:
        fetch("http://public.example/", look_up=lambda *_: ips)
    assert caught.value.refused


def test_a_name_is_looked_up_once(server: Loopback) -> None:
    """The address that was judged is the one that is asked, so a name cannot change in between."""
    server.answers["/"] = page(b"judged")
    asked: list[str] = []

    def stub(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return ("127.0.0.1",)

    address = server.url(host="rebinding.example")
    found = fetch(address, allow_private=True, limits=QUICK, look_up=stub)
    assert (found.body, asked) == (b"judged", ["rebinding.example"])
    assert f"Host: rebinding.example:{server.port}\r\n" in server.requests[0]


def test_a_name_that_changes_while_it_is_asked(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that redirects to itself is judged anew, and refused if it moved inside."""
    server.answers["/"] = redirect("/secret")
    server.answers["/secret"] = page(b"of this machine")
    places = iter([("127.0.0.1",), ("10.0.0.1",), ("127.0.0.1",)])
    monkeypatch.setattr("dossier.fetching.is_public", lambda ip: ip == "127.0.0.1")
    with pytest.raises(FetchError) as caught:
        fetch(server.url(host="rebinding.example"), limits=QUICK, look_up=lambda *_: next(places))
    assert caught.value.refused
    assert len(server.requests) == 1


def test_a_name_that_is_looked_up_for_ever() -> None:
    """A look-up that does not come back is given up like an answer that does not."""
    never = threading.Event()

    def stub(host: str, port: int) -> tuple[str, ...]:
        never.wait()
        return ("127.0.0.1",)

    with pytest.raises(FetchError, match="too slowly"):
        fetch("http://slow.example/", limits=IMPATIENT, look_up=stub)
    never.set()


def test_the_time_is_that_of_all_redirections(server: Loopback) -> None:
    """Redirections share one time, and waiting for our own sake is no part of it."""
    for number in range(9):
        server.answers[f"/{number}"] = redirect(f"/{number + 1}")
    limits = Limits(redirects=9, answer=20.0, whole=9.0)
    assert "too slowly" in str(fault(server.url("/0"), limits=limits, clock=ticking(1)))
    assert 0 < len(server.requests) < 9
    time = [0.0]

    def wait(host: str) -> None:
        time[0] += 1000

    server.answers["/"] = page(b"here")
    found = fetch(
        server.url(), allow_private=True, limits=QUICK, before=wait, clock=lambda: time[0]
    )
    assert (found.body, time) == (b"here", [1000.0])


def test_each_host_is_named_before_it_is_asked(server: Loopback) -> None:
    """Who waits between two requests of a host learns of those that a redirection leads to."""
    server.answers["/"] = redirect("/more")
    server.answers["/more"] = redirect(server.url("/there", host="localhost"))
    server.answers["/there"] = page(b"there", "Retry-After: 30", status="503 Busy")
    named: list[tuple[str, int]] = []

    def note(host: str) -> None:
        named.append((host, len(server.requests)))

    found = fetch(server.url(), allow_private=True, limits=QUICK, before=note, clock=standing)
    assert named == [("127.0.0.1", 0), ("localhost", 2)]
    assert (found.status, found.retry_after) == (503, "30")


def test_a_redirection_to_a_long_address(server: Loopback) -> None:
    """An address has an end."""
    server.answers["/"] = redirect("/" + "x" * 9000)
    assert "more than 8000 letters" in str(fault(server.url()))


def test_a_name_that_is_not_known() -> None:
    """A name without an address is a fault, and not a refusal."""

    def stub(host: str, port: int) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    for lookup in (stub, lambda *_: ()):
        with pytest.raises(FetchError) as caught:
            fetch("https://nowhere.example/", look_up=lookup)
        assert not caught.value.refused


def test_the_system_looks_up_numbers() -> None:
    """Numbers in any spelling are addresses."""
    assert look_up("127.0.0.1", 80) == look_up("0x7f000001", 80) == ("127.0.0.1",)


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::5db8:d70e", True),
        ("2001:0:53aa:64c:0:0:80ff:fffe", False),  # Teredo of 127.0.0.1
        ("fec0::1", False),
        ("ff0e::1", False),
        ("fe80::1%eth0", False),
        ("240.0.0.1", False),
        ("198.18.0.1", False),
        ("3fff::1", False),
        ("64:ff9b:1::a00:1", False),
        ("5f00::1", False),
        ("192.0.0.9", False),
        ("192.88.99.1", False),
        ("::7f00:1", False),
        ("no address", False),
    ],
)
def test_public(ip: str, public: bool) -> None:
    """An address is public where the registries say so, by the address that it carries."""
    assert is_public(ip) is public


def test_nobody_there() -> None:
    """A port that takes no connection is a fault in words."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "takes no connection" in str(fault(f"http://127.0.0.1:{port}/"))


def test_the_second_address_is_tried(server: Loopback) -> None:
    """Of the addresses of a host the first that takes a connection is asked."""
    server.answers["/"] = page(b"second")

    def stub(host: str, port: int) -> tuple[str, ...]:
        return ("127.0.0.2", "127.0.0.1")

    found = fetch(server.url(host="two.example"), allow_private=True, limits=QUICK, look_up=stub)
    assert found.body == b"second"


def test_no_tls(server: Loopback) -> None:
    """What does not speak TLS is a fault."""
    server.answers["/"] = page(b"plain")
    assert "takes no connection" in str(fault(server.url().replace("http:", "https:")))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that has signed itself, for one name, with its key behind it."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=tls.example", "-addext", "subjectAltName=DNS:tls.example"]
    command += ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "both").write_bytes(
        (folder / "certificate").read_bytes() + (folder / "key").read_bytes()
    )
    return folder / "both"


def test_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate must be one that this machine trusts, and of the very name that is asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def ask(host: str) -> Fetched:
        address = server.url("/", host).replace("http:", "https:")
        there = ("127.0.0.1",)
        return fetch(
            address, allow_private=True, limits=QUICK, look_up=lambda *_: there, clock=standing
        )

    with loopback(context) as server:
        server.answers["/"] = page(b"sealed")
        with pytest.raises(FetchError, match="self-signed certificate"):
            ask("tls.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert ask("tls.example").body == b"sealed"
        with pytest.raises(FetchError, match=r"not valid for 'other\.example'"):
            ask("other.example")
        assert len(server.requests) == 1
        server.answers["/"] = [HEAD + b"Content-Length: 9\r\n\r\nhalf"]
        with pytest.raises(FetchError, match="half way"):
            ask("tls.example")


def test_a_huge_answer(server: Loopback) -> None:
    """An answer is read no further than is borne, whatever length it declares."""
    server.answers["/declared"] = page(b"x" * 100_001)
    server.answers["/endless"] = [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 50_000] * 4]
    server.answers["/fits"] = page(b"x" * 100_000)
    assert "larger than 100000 bytes" in str(fault(server.url("/declared")))
    assert "larger than 100000 bytes" in str(fault(server.url("/endless")))
    assert len(get(server.url("/fits")).body) == 100_000


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "begun", [b"", HEAD, HEAD + b"Content-Length: 9\r\n\r\n1", HEAD + b"\r\n", CHUNKED + b"5"]
)
def test_silence(server: Loopback, begun: bytes) -> None:
    """An answer that stops to come is given up, wherever it stopped."""
    server.answers["/"] = [begun, Then.WAIT]
    assert "too slowly" in str(fault(server.url(), limits=IMPATIENT))


# Never silent, and never done: as a slow answer is meant by who is no friend.
ENDLESS: dict[str, Answer] = {
    "a body": lambda: itertools.chain([HEAD + b"\r\n"], itertools.repeat(b"x")),
    "a body with a length": lambda: itertools.chain(
        [HEAD + b"Content-Length: 99999\r\n\r\n"], itertools.repeat(b"x", 90_000), [Then.WAIT]
    ),
    "promises": lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunks": lambda: itertools.chain([CHUNKED], itertools.repeat(b"1\r\nx\r\n")),
    "a trailer": lambda: itertools.chain([CHUNKED, b"0\r\n"], itertools.repeat(b"A: b\r\n")),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_drop_by_drop(server: Loopback, what: str) -> None:
    """No answer takes longer in all than is borne, however steadily it comes."""
    server.answers["/"] = ENDLESS[what]
    limits = Limits(answer=20.0, whole=4.0, size=10_000_000)
    assert "too slowly" in str(fault(server.url(), limits=limits, clock=ticking(1)))


@pytest.mark.parametrize("what", sorted(set(ENDLESS) - {"a body with a length"}))
def test_without_end(server: Loopback, what: str) -> None:
    """What has no end is read no further than is borne, in the body or beside it."""
    server.answers["/"] = ENDLESS[what]
    assert "is larger than 1000 bytes" in str(fault(server.url(), limits=Limits(size=1000)))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 " + b"x" * 70_000,
        HEAD + b"X: " + b"y" * 70_000,
        HEAD + b"X: y\r\n" * 101,
    ],
)
def test_a_head_without_end(server: Loopback, head: bytes) -> None:
    """A head ends, and so does each of its lines; it is not waited for that they do."""
    server.answers["/"] = [head, Then.WAIT]
    said = str(fault(server.url()))
    assert "cannot be understood" in said
    assert len(said) <= 300


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"Content-Length: 9\r\n\r\nhalf", CHUNKED])
def test_a_reset(server: Loopback, sent: bytes) -> None:
    """A connection that is reset gives nothing, however much of the answer was there."""
    server.answers["/"] = [sent, Then.RESET]
    said = str(fault(server.url()))
    assert "ended its answer half way" in said or "cannot be understood" in said


def test_a_length_that_is_wrong(server: Loopback) -> None:
    """A length is held: what comes behind it is no part of the answer, and less is half of one."""
    server.answers["/less"] = HEAD + b"Content-Length: 4\r\n\r\nhalf and more"
    server.answers["/more"] = HEAD + b"Content-Length: 40\r\n\r\nhalf"
    server.answers["/none"] = HEAD + b"Content-Length: many\r\n\r\nall of it"
    server.answers["/below"] = HEAD + b"Content-Length: -1\r\n\r\nall of it"
    assert get(server.url("/less")).body == b"half"
    assert "half way" in str(fault(server.url("/more")))
    assert get(server.url("/none")).body == get(server.url("/below")).body == b"all of it"


def test_what_a_server_says_is_shown_as_letters(server: Loopback) -> None:
    """A fault repeats no sign that a terminal would obey, and little of what was said."""
    server.answers["/"] = b"\x1b[2J\x07 " + b"z" * 5000 + b"\r\n"
    said = str(fault(server.url()))
    assert said.isprintable()
    assert len(said) <= 300


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "half way"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "half way"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "half way"),
        (b"HTTP/1.1 2", "cannot be understood"),
        (b"", "cannot be understood"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "cannot be understood"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "cannot be understood"),
    ],
)
def test_a_connection_cut_short(server: Loopback, answer: bytes, words: str) -> None:
    """Half an answer is none."""
    server.answers["/"] = answer
    assert words in str(fault(server.url()))


def test_chunks(server: Loopback) -> None:
    """An answer in chunks is put together."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.answers["/"] = [head, b"3\r\nabc\r\n", 0.05, b"2\r\nde\r\n0\r\n\r\n"]
    assert get(server.url()).body == b"abcde"


def test_packed_answers(server: Loopback) -> None:
    """What is packed as it was asked for is unpacked, and nothing else is."""
    bare = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(b"text"),
        "x-gzip": gzip.compress(b"text"),
        "deflate": zlib.compress(b"text"),
        "Deflate": bare.compress(b"text") + bare.flush(),
        "identity": b"text",
        "gzip, gzip": gzip.compress(gzip.compress(b"text")),
        # RFC 1952, section 2.2: a file has members, and all of them count; what else follows
        # them, as zeros do that fill up a block, does not.
        "x-gzip, identity": gzip.compress(b"te") + gzip.compress(b"xt") + b"\0" * 9,
    }
    for coding, body in packed.items():
        server.answers["/"] = page(body, f"Content-Encoding: {coding}")
        assert get(server.url()).body == b"text", coding
    for coding, body, words in (
        ("br", b"text", "not asked for"),
        ("gzip", b"text", "cannot be unpacked"),
        ("gzip", gzip.compress(b"text")[:-9], "half way"),
        ("gzip", gzip.compress(b"te") + gzip.compress(b"xt")[:-9], "half way"),
        ("gzip, gzip, gzip, gzip", b"text", "packed 4 times"),
        ("gzip", gzip.compress(b"") * 1000, "more than 100 parts"),
    ):
        server.answers["/"] = page(body, f"Content-Encoding: {coding}")
        assert words in str(fault(server.url()))


def test_a_bomb(server: Loopback) -> None:
    """A small answer that unpacks to a large one is unpacked no further than is borne."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < QUICK.size
    half = gzip.compress(b"\0" * 60_000)
    for coding, body in (
        ("gzip", bomb),
        ("deflate", zlib.compress(b"\0" * 50_000_000)),
        ("gzip, gzip", gzip.compress(bomb)),
        ("gzip", half + half),
    ):
        server.answers["/"] = page(body, f"Content-Encoding: {coding}")
        assert "unpacks to more than 100000 bytes" in str(fault(server.url()))


def test_an_answer_without_content_is_not_packed(server: Loopback) -> None:
    """A server that says of all its answers that they are packed may say so of an empty one."""
    server.answers["/"] = page(b"", "Content-Encoding: gzip", status="404 Not Found")
    assert (get(server.url()).status, get(server.url()).body) == (404, b"")


def test_a_path_of_two_slashes(server: Loopback) -> None:
    """A path that begins like a host stays a path."""
    server.answers["/.//evil.example/"] = page(b"ours")
    assert get(server.url("//evil.example/")).body == b"ours"


def test_nothing_is_added_to_a_request(server: Loopback) -> None:
    """Line breaks and spaces in an address cannot make headers."""
    get(server.url("/a b\r\nX-Evil: 1"))
    assert server.requests[0].startswith("GET /a%20bX-Evil:%201 HTTP/1.1\r\nHost:")
