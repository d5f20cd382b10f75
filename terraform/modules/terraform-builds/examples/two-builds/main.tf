# A push to main is planned; applying that plan waits for an approval.
module "builds" {
  source = "../.."

  approvers = { owner = "group:owners@example.com" }
  configs = {
    apply = { options = { machineType = "E2_MEDIUM" }, steps = [{ id = "apply", name = "$_TOOLS", script = "make apply" }], timeout = "3600s" }
    plan  = { options = { machineType = "E2_MEDIUM" }, steps = [{ id = "plan", name = "$_TOOLS", script = "make plan-dr" }], timeout = "3600s" }
  }
  identities = {
    deployer = "projects/demo/serviceAccounts/vdr-deployer@demo.iam.gserviceaccount.com"
    planner  = "projects/demo/serviceAccounts/vdr-planner@demo.iam.gserviceaccount.com"
  }
  prefix        = "vdr"
  project       = "demo"
  region        = "europe-west1"
  repository    = "projects/demo/locations/europe-west1/connections/github/repositories/vertex-dr"
  substitutions = { _TOOLS = "europe-docker.pkg.dev/demo/vdr-tools/vertex-dr:1" }
}
