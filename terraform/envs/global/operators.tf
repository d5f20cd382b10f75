locals {
  role_prefix = coalesce(var.service.prefix, "vdr")

  # What vertex-dr status, fail-over, fail-back, hold, release and diff ask of services that know no condition by name.
  operator_permissions = [
    "aiplatform.endpoints.get",
    "aiplatform.endpoints.predict", # a flip is proved by a prediction
    "aiplatform.models.get",        # failing back compares what the two sides hold
    "aiplatform.models.list",
    "artifactregistry.dockerimages.get",
    "artifactregistry.dockerimages.list",
    "artifactregistry.packages.get",
    "artifactregistry.packages.list",
    "artifactregistry.repositories.downloadArtifacts",
    "artifactregistry.tags.get",
    "artifactregistry.tags.list",
    "artifactregistry.versions.get",
    "artifactregistry.versions.list",
  ]
  operator_selector_permissions = ["datastore.entities.create", "datastore.entities.get", "datastore.entities.list", "datastore.entities.update"]

  buckets = { for side, place in module.names.sides : side => "projects/_/buckets/${place.staging_bucket}" }

  # By project and condition, not by bucket: a grant to whoever mends an outage must not need the region that is dark.
  operator_bindings = {
    assets = { expression = null, project = var.project, role = google_project_iam_custom_role.operator.name }
    imports = {
      expression = join(" || ", flatten([for bucket in values(local.buckets) : ["resource.name == \"${bucket}\"", "resource.name.startsWith(\"${bucket}/objects/imports/\")"]]))
      project    = var.project
      role       = "roles/storage.objectViewer"
    }
    journals = {
      expression = join(" || ", [for bucket in values(local.buckets) : "resource.name.startsWith(\"${bucket}/objects/journals/fail_over/\")"])
      project    = var.project
      role       = "roles/storage.objectCreator"
    }
    selector = {
      expression = "resource.name == \"projects/${var.project}/databases/${module.names.selector.database}\""
      project    = var.project
      role       = google_project_iam_custom_role.operator_selector.name
    }
    settings = { # scripts/settings reads a side's output
      expression = join(" || ", [for side in keys(local.buckets) : "resource.name.startsWith(\"projects/_/buckets/${module.names.state_buckets[side]}\")"])
      project    = coalesce(var.state_project, var.project)
      role       = "roles/storage.objectViewer"
    }
  }
  operator_artifacts = merge([
    for name, member in var.operators : {
      "operator ${name} copies" = { member = member, role = "roles/storage.objectCreator", under = ["selectors/"] }
      "operator ${name} reads"  = { member = member, role = "roles/storage.objectViewer", under = ["catalogs/", "golden/", "models/", "selectors/"] }
    }
  ]...)
}

resource "google_project_iam_custom_role" "operator" {
  description = "vertex-dr: what the person on call reads and asks."
  permissions = local.operator_permissions
  project     = var.project
  role_id     = "${local.role_prefix}Operator"
  title       = "${local.role_prefix} operator"

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_custom_role" "operator_selector" {
  description = "vertex-dr: what the person on call changes, in the selector's database only."
  permissions = local.operator_selector_permissions
  project     = var.project
  role_id     = "${local.role_prefix}OperatorSelector"
  title       = "${local.role_prefix} operator of the selector"

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "operator" {
  for_each = merge([
    for name, member in var.operators : { for what, binding in local.operator_bindings : "${name} ${what}" => merge(binding, { member = member, what = what }) }
  ]...)

  member  = each.value.member
  project = each.value.project
  role    = each.value.role

  dynamic "condition" {
    for_each = each.value.expression == null ? [] : [each.value.expression]

    content {
      expression = condition.value
      title      = "${each.value.what} of ${module.names.selector.database}"
    }
  }
}
