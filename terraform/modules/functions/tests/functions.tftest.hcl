run "the_chain_of_hand_overs_has_one_link_a_level" {
  command = plan

  assert {
    condition     = output.functions.probe_region.level == "start" && output.functions.assess_regions.level == "relay" && output.functions.fail_over.level == "end"
    error_message = "levels are ${jsonencode(local.levels)}"
  }
  assert {
    condition     = output.functions.probe_region.hands_over_to == ["assess_regions", "fail_over"]
    error_message = "probe_region hands over to ${join(", ", output.functions.probe_region.hands_over_to)}"
  }
  assert {
    condition     = toset([for name, function in output.functions : name if function.ingress == "ALLOW_ALL"]) == toset(["assess_regions", "fail_over"])
    error_message = "functions that answer from outside are ${join(", ", [for name, function in output.functions : name if function.ingress == "ALLOW_ALL"])}"
  }
}

run "a_function_runs_because_of_its_schedule_or_its_callers" {
  command = plan

  assert {
    condition     = alltrue([for function in values(output.functions) : (function.schedule == null) == (length(function.callers) > 0)])
    error_message = "nobody calls ${join(", ", [for name, function in output.functions : name if function.schedule == null && length(function.callers) == 0])}"
  }
}

run "who_writes_keeps_a_journal_of_its_own_and_who_may_flip_the_flips" {
  command = plan

  assert {
    condition = jsonencode({
      for name, may in output.identities : name => sort([for prefix in may.staging.keeps.under : trimsuffix(trimprefix(prefix, "journals/"), "/")])
      if contains(keys(may.staging), "keeps")
      }) == jsonencode({
      assess_regions    = ["fail_over"]
      export_models     = ["export_models"]
      fail_over         = ["fail_over"]
      import_models     = ["import_models"]
      mirror_images     = ["mirror_images"]
      probe_region      = ["fail_over"]
      publish_pipelines = ["publish_pipelines"]
      reconcile_models  = ["reconcile_models"]
      run_pipelines     = ["run_pipelines"]
    })
    error_message = "journals are kept by ${join(", ", [for name, may in output.identities : name if contains(keys(may.staging), "keeps")])}"
  }
}

run "only_who_may_flip_writes_copies_and_only_a_verifier_writes_beside_them" {
  command = plan

  assert {
    condition     = toset([for name, may in output.identities : name if contains(keys(may.selector_copies), "adds")]) == toset(["assess_regions", "fail_over", "probe_region"])
    error_message = "copies are written by ${join(", ", [for name, may in output.identities : name if contains(keys(may.selector_copies), "adds")])}"
  }
  assert {
    condition     = toset([for name, may in output.identities : name if contains(keys(may.selector), "writes")]) == toset(["assess_regions", "fail_over", "probe_region", "verify_replicas"])
    error_message = "documents are written by ${join(", ", [for name, may in output.identities : name if contains(keys(may.selector), "writes")])}"
  }
}

run "nobody_may_overwrite_what_both_sides_share" {
  command = plan

  assert {
    condition     = alltrue(flatten([for may in values(output.identities) : [for grant in values(may.artifacts) : contains(["roles/storage.objectCreator", "roles/storage.objectViewer"], grant.role)]]))
    error_message = "somebody may overwrite what is written once"
  }
  assert {
    condition     = alltrue(flatten([for may in values(output.identities) : [for verb, grant in may.artifacts : !contains(grant.under, "catalogs/") || verb == "reads"]]))
    error_message = "somebody may write the other side's catalogs"
  }
}
