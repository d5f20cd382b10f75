output "functions" {
  description = "Each function by its entry point: callers, hands_over_to, ingress, level in the chain of hand-overs, limits, schedule, url_setting, and with may its rights as in identities."
  value = {
    for name, record in local.records : name => {
      callers           = record.callers
      follows_pipelines = record.follows_pipelines
      hands_over_to     = local.hands_over_to[name]
      ingress           = length(record.callers) == 0 ? "ALLOW_INTERNAL_ONLY" : "ALLOW_ALL" # a function calls from outside any VPC, a schedule does not
      level             = local.levels[name]
      limits            = record.limits
      may               = local.identities[name]
      schedule          = record.schedule
      url_setting       = record.url_setting
    }
  }

  precondition {
    condition     = length(local.unknown_fields) == 0
    error_message = "a record has only the fields of defaults.tf, got ${join("; ", local.unknown_fields)}."
  }
  precondition {
    condition     = alltrue([for record in values(local.records) : length(setsubtract(record.callers, keys(local.records))) == 0])
    error_message = "callers must be functions of the table, got ${join(", ", setsubtract(flatten([for record in values(local.records) : record.callers]), keys(local.records)))}."
  }
  precondition {
    condition     = alltrue([for record in values(local.records) : (length(record.callers) > 0) == (record.url_setting != null)])
    error_message = "whoever has callers, and nobody else, has a url_setting, got ${join(", ", [for name, record in local.records : name if(length(record.callers) > 0) != (record.url_setting != null)])}."
  }
  precondition {
    condition     = alltrue([for name, level in local.levels : level != "relay" || alltrue([for receiver in local.hands_over_to[name] : local.levels[receiver] == "end"])])
    error_message = "a function that is handed over to may hand over to the end of the chain only, got ${join("; ", [for name, level in local.levels : "${name} to ${join(", ", local.hands_over_to[name])}" if level == "relay"])}."
  }
}

output "identities" {
  description = "What each identity may do, functions' and others', with Google's roles by verb: prefixes of artifacts and staging, the functions' containers, own and the other side's images and pipelines, project, selector and its copies."
  value       = local.identities
}
