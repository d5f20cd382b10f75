locals {
  # What a record leaves out.
  function_defaults = {
    callers           = []
    follows_pipelines = false
    limits            = {}
    may               = {}
    schedule          = null
    url_setting       = null
  }
  may_defaults = {
    acts_as         = []
    artifacts       = {}
    functions       = []
    images          = {}
    pipelines       = {}
    project         = {}
    selector        = []
    selector_copies = []
    staging         = {}
  }

  records = { for name, record in local.functions : name => merge(local.function_defaults, record) }
  rights = {
    for name, may in merge({ for name, record in local.records : name => record.may }, local.other_identities) :
    name => merge(local.may_defaults, may)
  }

  # A misspelt field would be a right that is never granted, so it is refused.
  unknown_fields = concat(
    [for name, record in local.functions : "${name}: ${join(", ", setsubtract(keys(record), keys(local.function_defaults)))}" if length(setsubtract(keys(record), keys(local.function_defaults))) > 0],
    [for name, may in local.rights : "${name}: ${join(", ", setsubtract(keys(may), keys(local.may_defaults)))}" if length(setsubtract(keys(may), keys(local.may_defaults))) > 0],
  )
}
