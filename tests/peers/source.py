"""A connector of the Python framework: one stream, from a manifest."""
import os
import sys

from airbyte_cdk.entrypoint import AirbyteEntrypoint, launch
from airbyte_cdk.sources.declarative.yaml_declarative_source import YamlDeclarativeSource

MANIFEST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "manifest.yaml")


def main():
    arguments = sys.argv[1:]
    parsed = AirbyteEntrypoint.parse_args(arguments)
    source = YamlDeclarativeSource(
        catalog=YamlDeclarativeSource.read_catalog(parsed.catalog),
        config=YamlDeclarativeSource.read_config(parsed.config),
        state=None,
        path_to_yaml=MANIFEST,
    )
    launch(source, arguments)


if __name__ == "__main__":
    main()
