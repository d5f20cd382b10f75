"""The schemas: read out of generated JavaScript, out of a wheel, and given to Terraform."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.protocol.messages import message
from localcloud.terraform_provider.protocol.schemas import schema_response
from localcloud.terraform_provider.schemas.javascript import Module
from localcloud.terraform_provider.schemas.resource_types import DATA_SOURCES, RESOURCES
from localcloud.terraform_provider.schemas.wheel import files

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.terraform_provider.resources.catalogue import Catalogue

# As cdktn generates it, shortened.
SOURCE = """
function thingRuleToHclTerraform(struct) {
    const attrs = {
        kind: {
            value: cdktn.stringToHclTerraform(struct.kind),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
}
class ThingRuleOutputReference extends cdktn.ComplexObject {
    // kind - computed: false, optional: false, required: true
    _kind;
    get kind() {
        return this.getStringAttribute('kind');
    }
    // zones - computed: true, optional: true, required: false
    get zones() {
        return cdktn.Fn.tolist(this.getListAttribute('zones'));
    }
}
class ThingRuleList extends cdktn.ComplexList {
    get(index) {
    }
}
class Thing extends cdktn.TerraformResource {
    // name - computed: false, optional: false, required: true
    _name;
    get name() {
        return this.getStringAttribute('name');
    }
    // labels - computed: true, optional: false, required: false
    _labels = new cdktn.StringMap(this, "labels");
    get labels() {
        return this._labels;
    }
    // rule - computed: false, optional: true, required: false
    _rule = new ThingRuleList(this, "rule", true);
    get rule() {
        return this._rule;
    }
    synthesizeHclAttributes() {
        const attrs = {
            rule: {
                value: cdktn.listMapperHcl(thingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "ThingRuleList",
            },
        };
    }
}
"""
DECLARATIONS = """
export interface ThingRule {
    /**
    * The kind. Possible values: ["A", "B"]
    *
    * Docs at Terraform Registry: {@link https://example.com/thing#kind Thing#kind}
    */
    readonly kind: string;
}
"""


def test_block_is_read_out_of_the_generated_class():
    root = Module(SOURCE, DECLARATIONS).root()

    rule = {"attributes": {"kind": ["string", "r", ["A", "B"]], "zones": [["set", "string"], "oc"]}, "blocks": {}}
    assert root == {
        "attributes": {"name": ["string", "r"], "labels": [["map", "string"], "c"]},
        "blocks": {"rule": ["set", 0, 0, rule]},
    }


def wheel_of(path: Path, folders: list[str]) -> Path:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tarball:
        for folder in folders:
            for name in ("index.js", "index.d.ts"):
                content = f"{folder} {name}".encode()
                entry = tarfile.TarInfo(f"package/lib/{folder}/{name}")
                entry.size = len(content)
                tarball.addfile(entry, io.BytesIO(content))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("generated/_jsii/provider.jsii.tgz", packed.getvalue())
    return path


def test_only_the_folders_asked_for_are_read_from_the_wheel(tmp_path: Path):
    wheel = wheel_of(tmp_path / "x.whl", ["a", "b", "c"])

    assert list(files(wheel, {"b"})) == [("b", "index.js", "b index.js"), ("b", "index.d.ts", "b index.d.ts")]


def test_folder_that_the_wheel_does_not_have_is_named(tmp_path: Path):
    wheel = wheel_of(tmp_path / "x.whl", ["a"])

    with pytest.raises(ProviderError, match=r"x\.whl has no no-such-thing: the table names a type"):
        list(files(wheel, {"a", "no-such-thing"}))


def test_terraform_is_given_every_type_of_the_table(catalogue: Catalogue):
    response = message("GetProviderSchemaResponse")(**schema_response(catalogue))

    assert [entry.key for entry in response.resource_schemas] == list(RESOURCES)
    assert [entry.key for entry in response.data_source_schemas] == list(DATA_SOURCES)


def test_what_is_secret_is_marked_sensitive(catalogue: Catalogue):
    marked = {
        f"{name}.{path}"
        for name, kind in catalogue.resources.items()
        for path, member in kind.block.walk()
        if getattr(member, "sensitive", False)
    }

    assert marked == {
        "google_secret_manager_secret_version.secret_data",
        "google_storage_bucket_object.content",
        "google_storage_bucket_object.customer_encryption.encryption_key",
    }


def test_states_have_the_versions_that_the_real_provider_writes(catalogue: Catalogue):
    facts = {name: kind.resource.facts for name, kind in catalogue.resources.items()}

    versions = {name: one.version for name, one in facts.items() if one.version}

    assert versions == {"google_cloudbuild_trigger": 2, "google_storage_bucket": 4}
