locals {
  # One record a function: what may it do, when does it run, who may call it? Terraform derives everything else from
  # here. A record says what is its own; the rest is in defaults.tf, and a field that is not there is refused.
  #
  #   callers            functions that hand over to it; nobody else calls it but its own schedule
  #   follows_pipelines  whether its schedule rests on the side that pipelines do not run on
  #   limits             as modules/control-function takes them
  #   schedule           five fields of cron, UTC
  #   url_setting        the setting that tells its callers its address
  #   may                what its identity may do; what each verb stands for is in roles.tf
  #     acts_as          identities that it starts work as
  #     artifacts        verb → prefixes of the bucket that both sides share; <side> is its own side
  #     functions        verbs on its own side's repository of the functions' containers
  #     images           verbs on its own and on the other side's image repository
  #     pipelines        verbs on its own and on the other side's pipeline repository
  #     project          roles on the project; Vertex AI knows no smaller scope for its registry, and no smaller role
  #                      than user for export, upload, deployment and prediction
  #     selector         verbs on the documents of the selector's database
  #     selector_copies  verbs on the secret with the selector's copies
  #     staging          verb → prefixes of its own side's bucket
  #
  # Who is handed over to may be away: then the one before does its work in its own process, with its own rights. So
  # probe_region, assess_regions and fail_over may flip, write copies and keep the flip's journal alike; Firestore
  # decides which one did. The times let a version be exported and imported within half an hour, half of the default
  # RPO: images and specs come before the models that need them, reconciling after them, verifying last.
  functions = {
    assess_regions = {
      callers     = ["probe_region"]
      limits      = { max_instances = 2, min_instances = 1, timeout_seconds = 120 } # warm: who hands over waits for it
      url_setting = "VERTEX_DR_ASSESS_URL"
      may = {
        artifacts       = { copies = ["selectors/"], reads = ["golden/", "selectors/"] }
        project         = { vertex = "roles/aiplatform.user" } # predicts before it decides
        selector        = ["writes"]
        selector_copies = ["adds", "reads"]
        staging         = { keeps = ["journals/fail_over/"] }
      }
    }

    export_models = {
      limits   = { memory = "1G", timeout_seconds = 1800 }
      schedule = "*/15 * * * *"
      may = {
        artifacts = { publishes = ["catalogs/<side>/", "models/"], reads = ["catalogs/", "models/"] } # nobody writes the other side's catalogs
        images    = { own = ["reads"] }                                                               # its catalog lists what the side holds
        pipelines = { own = ["reads"] }
        project   = { vertex = "roles/aiplatform.user" }
        selector  = ["reads"]
        staging   = { keeps = ["journals/export_models/"], notes = ["in-flight/"], reads = ["imports/", "in-flight/"], works = ["exports/"] } # its catalog lists replicas too
      }
    }

    fail_over = {
      callers     = ["assess_regions", "probe_region"]           # the latter when assess_regions is away
      limits      = { min_instances = 1, timeout_seconds = 120 } # warm, as assess_regions
      url_setting = "VERTEX_DR_FAIL_OVER_URL"
      may = {
        artifacts       = { copies = ["selectors/"], reads = ["golden/", "selectors/"] }
        project         = { vertex = "roles/aiplatform.user" } # proves the flip by a prediction
        selector        = ["writes"]
        selector_copies = ["adds", "reads"]
        staging         = { keeps = ["journals/fail_over/"] }
      }
    }

    import_models = {
      limits   = { memory = "1G", timeout_seconds = 1800 }
      schedule = "6-59/15 * * * *"
      may = {
        artifacts = { reads = ["catalogs/", "models/"] }
        images    = { own = ["reads"] } # an upload needs its image
        project   = { vertex = "roles/aiplatform.user" }
        selector  = ["reads"]
        staging   = { keeps = ["journals/import_models/"], notes = ["in-flight/"], reads = ["in-flight/"], works = ["imports/"] }
      }
    }

    mirror_images = {
      limits   = { memory = "1G", timeout_seconds = 1800 }
      schedule = "3-59/15 * * * *"
      may = {
        artifacts = { reads = ["catalogs/"] }
        images    = { own = ["writes"], other = ["reads"] }
        selector  = ["reads"]
        staging   = { keeps = ["journals/mirror_images/"] }
      }
    }

    probe_region = {
      # It runs 55 s of every minute, nearly always waiting for an answer: no instance needs to be kept warm, and a
      # sixth of a processor is the smallest that still decides and flips in its own process within the RTO.
      limits   = { cpu = "0.167", max_instances = 2, timeout_seconds = 75 } # one minute's probe ends while the next starts
      schedule = "* * * * *"                                                # the finest step; a probe goes on for probe_window_seconds
      may = {
        artifacts       = { copies = ["selectors/"], reads = ["golden/", "selectors/"] }
        project         = { vertex = "roles/aiplatform.user" } # predicts on both sides
        selector        = ["writes"]
        selector_copies = ["adds", "reads"]
        staging         = { keeps = ["journals/fail_over/"] }
      }
    }

    publish_pipelines = {
      schedule = "3-59/15 * * * *"
      may = {
        pipelines = { own = ["writes"], other = ["reads"] }
        selector  = ["reads"]
        staging   = { keeps = ["journals/publish_pipelines/"] }
      }
    }

    reconcile_models = {
      limits   = { timeout_seconds = 1800 } # a deployment takes minutes
      schedule = "9-59/15 * * * *"
      may = {
        artifacts = { reads = ["catalogs/"] }
        images    = { own = ["reads"] }
        project   = { vertex = "roles/aiplatform.user" }
        selector  = ["reads"]
        staging   = { keeps = ["journals/reconcile_models/"], notes = ["in-flight/"], reads = ["imports/", "in-flight/", "manifests/"] }
      }
    }

    run_pipelines = {
      follows_pipelines = true
      schedule          = "0 3 * * *"
      may = {
        acts_as   = ["pipeline_runs"]
        pipelines = { own = ["reads"] }
        project   = { vertex = "roles/aiplatform.user" }
        selector  = ["reads"]
        staging   = { keeps = ["journals/run_pipelines/"] }
      }
    }

    verify_replicas = {
      limits   = { memory = "1G" }
      schedule = "12-59/15 * * * *" # four proofs in every readiness_max_age_seconds
      may = {
        artifacts = { reads = ["catalogs/", "models/"] }
        images    = { own = ["reads"], other = ["reads"] }
        pipelines = { own = ["reads"], other = ["reads"] }
        project   = { vertex = "roles/aiplatform.viewer" }
        selector  = ["writes"] # the side's readiness
        staging   = { reads = ["imports/", "manifests/"] }
      }
    }
  }

  # Two identities that are no function: who builds the functions' containers, and who a pipeline run acts as.
  other_identities = {
    builds = { # the functions' source lies in a bucket of Google's: envs/global/builds.tf
      functions = ["writes"]
      project   = { logs = "roles/logging.logWriter" }
    }
    pipeline_runs = {
      project = { vertex = "roles/aiplatform.user" }
      staging = { works = ["pipelines/"] }
    }
  }
}
