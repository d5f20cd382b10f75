locals {
  builders = var.terraform_builds == null ? {} : {
    deployer = {
      description = "vertex-dr: applies what is approved."
      # What README asks of whoever applies by hand.
      roles = [
        "aiplatform.admin", "artifactregistry.admin", "cloudbuild.builds.editor", "cloudfunctions.admin", "cloudscheduler.admin",
        "datastore.owner", "iam.roleAdmin", "iam.serviceAccountAdmin", "iam.serviceAccountUser", "logging.logWriter", "pubsub.admin",
        "resourcemanager.projectIamAdmin", "run.admin", "secretmanager.admin", "serviceusage.serviceUsageAdmin", "storage.admin",
      ]
      state = { "roles/storage.objectUser" = ["resource.name.startsWith(\"${local.state_buckets}\")"] }
    }
    planner = {
      description = "vertex-dr: plans what is pushed, and changes nothing but its own plans."
      roles       = ["iam.securityReviewer", "logging.logWriter", "storage.objectViewer", "viewer"]
      state = {
        "roles/storage.objectCreator" = ["resource.name.startsWith(\"projects/_/buckets/${module.names.state_buckets.global}/objects/plans/\")"]
        "roles/storage.objectViewer"  = ["resource.name.startsWith(\"${local.state_buckets}\")"]
      }
    }
  }
  state_buckets = "projects/_/buckets/${trimsuffix(module.names.state_buckets.global, "global")}" # of all three environments
  tools = {
    image      = "${var.multi_regions.images}-docker.pkg.dev/${var.project}/${local.tools_repository}/vertex-dr"
    repository = local.tools_repository
  }
  tools_repository = "${coalesce(var.service.prefix, "vdr")}-tools"
}

# Neither is a side's, and neither may wait for a region: the one from which the other is mended can be the dark one.
module "builders" {
  source   = "../../modules/service-identity"
  for_each = local.builders

  account_id        = "${coalesce(var.service.prefix, "vdr")}-${each.key}"
  description       = each.value.description
  iam_project_roles = { for role in each.value.roles : role => "roles/${role}" }
  project           = var.project

  depends_on = [google_project_service.needed]
}

# State buckets may be another project's, so that project grants them, to all whose names begin as they do.
resource "google_project_iam_member" "state" {
  for_each = merge([
    for name, builder in local.builders : {
      for role, conditions in builder.state : "${name} ${role}" => { builder = name, expression = join(" || ", conditions), role = role }
    }
  ]...)

  member  = module.builders[each.value.builder].member
  project = coalesce(var.state_project, var.project)
  role    = each.value.role

  condition {
    expression = each.value.expression
    title      = "state of ${var.project}"
  }
}

module "tools" {
  source = "../../modules/image-repository"
  count  = var.terraform_builds == null ? 0 : 1

  description = "The image that the builds run in."
  iam         = { for name, builder in module.builders : "${name} reads" => { member = builder.member, role = "roles/artifactregistry.reader" } }
  labels      = module.names.labels
  name        = local.tools.repository
  project     = var.project
  region      = var.multi_regions.images

  depends_on = [google_project_service.needed]
}

module "terraform_builds" {
  source = "../../modules/terraform-builds"
  count  = var.terraform_builds == null ? 0 : 1

  approvers = var.terraform_builds.approvers
  branch    = var.terraform_builds.branch
  configs = { # where terraform/ stands without the repository, there are none, and none are needed
    apply = try(yamldecode(file("${path.root}/../../../cloudbuild.apply.yaml")), null)
    plan  = try(yamldecode(file("${path.root}/../../../cloudbuild.yaml")), null)
  }
  identities = { for name, builder in module.builders : name => "projects/${var.project}/serviceAccounts/${builder.email}" }
  prefix     = coalesce(var.service.prefix, "vdr")
  project    = var.project
  region     = var.terraform_builds.region
  repository = var.terraform_builds.repository
  substitutions = {
    _DR_STATE      = module.names.state_buckets.dr
    _GLOBAL_STATE  = module.names.state_buckets.global
    _PRIMARY_STATE = module.names.state_buckets.primary
    _TOOLS         = "${local.tools.image}:${var.terraform_builds.tools_tag}"
  }
  worker_pool = var.terraform_builds.worker_pool

  depends_on = [google_project_service.needed, module.tools]
}
