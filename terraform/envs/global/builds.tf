locals {
  # Cloud Functions puts the source of a build into a bucket of this name in the function's region, with a suffix where
  # the bucket has a key of the customer's. It makes the bucket at the first deployment, so the project grants it.
  source_buckets = {
    for side, region in var.service.regions : side => "projects/_/buckets/gcf-v2-sources-${module.artifacts.project_number}-${region}"
  }
}

resource "google_project_iam_member" "build_sources" {
  for_each = local.source_buckets

  member  = module.identities["${each.key} builds"].member
  project = var.project
  role    = "roles/storage.objectViewer"

  condition {
    expression = join(" || ", [
      "resource.name == \"${each.value}\"",
      "resource.name.startsWith(\"${each.value}/objects/\")",
      "resource.name.startsWith(\"${each.value}-\")",
    ])
    title = "source of the functions of ${each.key}"
  }
}
