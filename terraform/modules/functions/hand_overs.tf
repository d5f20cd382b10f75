locals {
  hands_over_to = {
    for name in keys(local.records) : name => [for receiver, record in local.records : receiver if contains(record.callers, name)]
  }

  # A sender's environment holds its receiver's address, which only the deployed receiver knows. Terraform sees a module
  # call with for_each as one thing, so functions of one call cannot wait for each other: each link of the chain is a
  # call of its own in modules/side, the last receiver first. An end hands over to nobody; a relay receives and hands
  # over to ends; a start is called by no function, and may hand over to both. probe_region → assess_regions → fail_over
  # has one of each; a chain of four would need one more call, and is refused.
  levels = {
    for name, record in local.records : name =>
    length(record.callers) == 0 ? "start" : length(local.hands_over_to[name]) == 0 ? "end" : "relay"
  }
}
