"""HTTPS: a platform with a certificate, a new one while it is served, and certificates that do not fit."""

from __future__ import annotations

import os
import signal
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jobferry.cli.tls import Certificate

from .conftest import Program

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def certified(folder: Path, name: str) -> str:
    """Puts a self-signed certificate and its key into the folder, and gives the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(BEGIN + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    return made.public_bytes(pem).decode()


def shown(url: str) -> str:
    """The certificate that a server shows."""
    place = urlsplit(url)
    return ssl.get_server_certificate((place.hostname or "", place.port or 0))


def test_a_platform_speaks_https_and_takes_a_new_certificate(jobferry: Program) -> None:
    first = certified(jobferry.folder, "first.example")
    options = ("--tls-cert", "cert.pem", "--tls-key", "key.pem", "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    process = jobferry.start("serve", "--data", "here", *options)
    assert process.stdout is not None
    url = process.stdout.readline().strip().replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    assert url.startswith("https://127.0.0.1:")
    assert shown(url) == first
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []
    (jobferry.folder / "key.pem").write_text("no key")
    os.kill(process.pid, signal.SIGHUP)
    second = certified(jobferry.folder, "second.example")
    os.kill(process.pid, signal.SIGHUP)
    while shown(url) != second:
        os.kill(process.pid, signal.SIGHUP)
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []
    process.terminate()
    _, said = process.communicate()
    assert "certificate-read" in said
    assert "nothing is encrypted" not in said


def test_certificates_that_do_not_fit_are_refused(jobferry: Program) -> None:
    certified(jobferry.folder, "first.example")
    alone = jobferry("serve", "--data", "here", "--tls-cert", "cert.pem")
    assert (alone.code, "only one of them is named" in alone.err) == (2, True)
    swapped = jobferry("serve", "--data", "here", "--tls-cert", "key.pem", "--tls-key", "cert.pem")
    assert (swapped.code, "belong together" in swapped.err) == (2, True)
    named = {"JOBFERRY_TLS_CERT": "nowhere.pem", "JOBFERRY_TLS_KEY": "key.pem"}
    missing = jobferry("serve", "--data", "here", environment=named)
    assert (missing.code, "nowhere.pem" in missing.err) == (2, True)


def test_files_that_have_changed_are_read_again_and_unfit_ones_left(tmp_path: Path) -> None:
    certified(tmp_path, "first.example")
    read = Certificate(tmp_path / "cert.pem", tmp_path / "key.pem")
    assert not read.look()
    certified(tmp_path, "second.example")
    assert read.look()
    assert not read.look()
    (tmp_path / "key.pem").unlink()
    assert not read.look()
    certified(tmp_path, "third.example")
    assert read.look()
