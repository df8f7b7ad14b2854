"""Answers on their way: who gets them packed."""

from __future__ import annotations

from cases import every_case
from jobferry.api.sending import takes_gzip

ACCEPTED = {
    "gzip": True,
    "gzip, deflate, br, zstd": True,
    "br;q=1.0, gzip;q=0.5": True,
    "GZIP ; q=0.8": True,
    "gzip;q=0": False,
    "gzip;q=0.000, br": False,
    "br": False,
    "identity": False,
    "": False,
}


def test_who_names_gzip_and_does_not_refuse_it_takes_it() -> None:
    with every_case() as case:
        for accepted, takes in ACCEPTED.items():
            with case(accepted):
                assert takes_gzip(accepted) is takes
