"""The plugin that Terraform starts: `python -m localcloud.terraform_provider`."""

from localcloud.terraform_provider.plugin import serve
from localcloud.terraform_provider.provider import Provider

if __name__ == "__main__":
    serve(Provider())
