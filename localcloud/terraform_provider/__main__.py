"""The plugin that Terraform starts: `python -m localcloud.terraform_provider`."""

from localcloud.terraform_provider.protocol.plugin import serve
from localcloud.terraform_provider.protocol.provider import Provider

if __name__ == "__main__":
    serve(Provider())
