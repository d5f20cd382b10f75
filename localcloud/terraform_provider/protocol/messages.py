"""The messages of Terraform's plugin protocol 6, from a table of the fields this provider uses.

The descriptors are built when the module is imported, so there is no generated code. Fields that are not in the table
are skipped by protobuf when it reads a message. The file is declared as proto2, so that a zero that was set is
written: an index 0 in a path would get lost otherwise.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "tfplugin6"

# Message, then its fields: name=number:type, where * stands for repeated.
_TABLE = """
DynamicValue             msgpack=1:bytes json=2:bytes
Step                     attribute_name=1:string element_key_string=2:string element_key_int=3:int64
AttributePath            *steps=1:Step
Diagnostic               severity=1:int32 summary=2:string detail=3:string attribute=4:AttributePath
RawState                 json=1:bytes
Attribute                name=1:string type=2:bytes description=3:string required=4:bool optional=5:bool computed=6:bool sensitive=7:bool write_only=11:bool
NestedBlock              type_name=1:string block=2:Block nesting=3:int32 min_items=4:int64 max_items=5:int64
Block                    version=1:int64 *attributes=2:Attribute *block_types=3:NestedBlock
Schema                   version=1:int64 block=2:Block
SchemaEntry              key=1:string value=2:Schema
ServerCapabilities       plan_destroy=1:bool get_provider_schema_optional=2:bool move_resource_state=3:bool
GetProviderSchemaRequest
GetProviderSchemaResponse provider=1:Schema *resource_schemas=2:SchemaEntry *data_source_schemas=3:SchemaEntry *diagnostics=4:Diagnostic server_capabilities=6:ServerCapabilities
ValidateProviderConfigRequest config=1:DynamicValue
ValidateProviderConfigResponse *diagnostics=2:Diagnostic
ValidateResourceConfigRequest type_name=1:string config=2:DynamicValue
ValidateResourceConfigResponse *diagnostics=1:Diagnostic
ValidateDataResourceConfigRequest type_name=1:string config=2:DynamicValue
ValidateDataResourceConfigResponse *diagnostics=1:Diagnostic
UpgradeResourceStateRequest type_name=1:string version=2:int64 raw_state=3:RawState
UpgradeResourceStateResponse upgraded_state=1:DynamicValue *diagnostics=2:Diagnostic
ConfigureProviderRequest terraform_version=1:string config=2:DynamicValue
ConfigureProviderResponse *diagnostics=1:Diagnostic
ReadResourceRequest      type_name=1:string current_state=2:DynamicValue private=3:bytes
ReadResourceResponse     new_state=1:DynamicValue *diagnostics=2:Diagnostic private=3:bytes
PlanResourceChangeRequest type_name=1:string prior_state=2:DynamicValue proposed_new_state=3:DynamicValue config=4:DynamicValue prior_private=5:bytes
PlanResourceChangeResponse planned_state=1:DynamicValue *requires_replace=2:AttributePath planned_private=3:bytes *diagnostics=4:Diagnostic legacy_type_system=5:bool
ApplyResourceChangeRequest type_name=1:string prior_state=2:DynamicValue planned_state=3:DynamicValue config=4:DynamicValue planned_private=5:bytes
ApplyResourceChangeResponse new_state=1:DynamicValue private=2:bytes *diagnostics=3:Diagnostic legacy_type_system=4:bool
ImportResourceStateRequest type_name=1:string id=2:string
ImportedResource         type_name=1:string state=2:DynamicValue private=3:bytes
ImportResourceStateResponse *imported_resources=1:ImportedResource *diagnostics=2:Diagnostic
ReadDataSourceRequest    type_name=1:string config=2:DynamicValue
ReadDataSourceResponse   state=1:DynamicValue *diagnostics=2:Diagnostic
StopProviderRequest
StopProviderResponse     Error=1:string
"""  # noqa: E501 - one message a line


def _file() -> descriptor_pb2.FileDescriptorProto:
    """Return the table as a file descriptor."""
    field = descriptor_pb2.FieldDescriptorProto
    scalars = {"string": field.TYPE_STRING, "bytes": field.TYPE_BYTES, "bool": field.TYPE_BOOL}
    scalars |= {"int32": field.TYPE_INT32, "int64": field.TYPE_INT64}
    file = descriptor_pb2.FileDescriptorProto(name="terraform_plugin6.proto", package=PACKAGE, syntax="proto2")
    for line in _TABLE.strip().splitlines():
        name, *fields = line.split()
        message = file.message_type.add(name=name)
        for entry in fields:
            declaration, kind = entry.lstrip("*").split(":")
            field_name, number = declaration.split("=")
            label = field.LABEL_REPEATED if entry.startswith("*") else field.LABEL_OPTIONAL
            added = message.field.add(name=field_name, number=int(number), label=label)
            if kind in scalars:
                added.type = scalars[kind]
            else:
                added.type, added.type_name = field.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    return file


_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(_file())


def message(name: str) -> Any:
    """Return the class of a message; its constructor takes nested dicts and lists."""
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.{name}"))
