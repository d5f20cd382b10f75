locals {
  # What a verb stands for. Creating is not overwriting: without delete permission nobody can replace an object, which
  # is what write-once rests on.
  bucket_roles = {
    copies    = "roles/storage.objectCreator"
    keeps     = "roles/storage.objectCreator"
    notes     = "roles/storage.objectCreator"
    publishes = "roles/storage.objectCreator"
    reads     = "roles/storage.objectViewer"
    works     = "roles/storage.objectUser"
  }
  repository_roles = {
    reads  = "roles/artifactregistry.reader"
    writes = "roles/artifactregistry.writer"
  }
  selector_roles = {
    reads  = "roles/datastore.viewer"
    writes = "roles/datastore.user"
  }
  selector_copies_roles = {
    adds  = "roles/secretmanager.secretVersionAdder"
    reads = "roles/secretmanager.secretAccessor"
  }

  # The rights of each identity with Google's roles instead of verbs, keyed by the verb.
  identities = {
    for name, may in local.rights : name => {
      acts_as         = may.acts_as
      artifacts       = { for verb, prefixes in may.artifacts : verb => { role = local.bucket_roles[verb], under = prefixes } }
      functions       = { for verb in may.functions : verb => local.repository_roles[verb] }
      images          = { for side in ["other", "own"] : side => { for verb in lookup(may.images, side, []) : verb => local.repository_roles[verb] } }
      pipelines       = { for side in ["other", "own"] : side => { for verb in lookup(may.pipelines, side, []) : verb => local.repository_roles[verb] } }
      project         = may.project
      selector        = { for verb in may.selector : verb => local.selector_roles[verb] }
      selector_copies = { for verb in may.selector_copies : verb => local.selector_copies_roles[verb] }
      staging         = { for verb, prefixes in may.staging : verb => { role = local.bucket_roles[verb], under = prefixes } }
    }
  }
}
