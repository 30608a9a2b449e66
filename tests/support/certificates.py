"""Certificates for the tests of TLS."""

import subprocess


def make_certificate(certificate, key, name="test"):
    """One that vouches for itself, for localhost and 127.0.0.1, with its key, into these files."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
