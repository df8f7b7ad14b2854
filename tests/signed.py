"""An S3 service of other people's making, which holds each signature against the key: moto's, as a process.

The tests' own service (``s3.py``) can be told to misbehave and looks at no signature; this one is the other
way round. It comes with the dependency group ``s3``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

BUCKET = "parcels"
_UNSIGNED = 4
"""Calls that are taken from anybody, before there is a user: those of :func:`_founded`."""


class SignedService(NamedTuple):
    """Where it answers, and the one key pair that it knows."""

    endpoint: str
    access_key: str
    secret_key: str


@contextmanager
def serving() -> Iterator[SignedService]:
    """The service while the context lasts, with an empty bucket."""
    told = os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": str(_UNSIGNED), "PYTHONUNBUFFERED": "1"}
    told.pop("PYTHONWARNINGS", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        env=told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        address = next((line.split()[-1] for line in process.stderr if "Running on" in line), "")
        assert address, "moto's server did not come up: make test-large installs it"
        yield _founded(address)
    finally:
        process.kill()
        process.communicate()


def _founded(endpoint: str) -> SignedService:
    """Makes a user with a key pair, who may do everything, and the bucket."""
    import boto3

    where = {"endpoint_url": endpoint, "region_name": "us-east-1"}
    anybody = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}
    people = boto3.client("iam", **where, **anybody)
    people.create_user(UserName="jobferry")
    pair = people.create_access_key(UserName="jobferry")["AccessKey"]
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    people.put_user_policy(UserName="jobferry", PolicyName="all", PolicyDocument=json.dumps(allowed))
    boto3.client("s3", **where, **anybody).create_bucket(Bucket=BUCKET)
    return SignedService(endpoint, pair["AccessKeyId"], pair["SecretAccessKey"])
