# Terraform by hand and in CI: plans are saved, and apply applies exactly what was planned.
ENVS ?= terraform/envs
PLANS ?= build/plans
PARALLELISM ?= 30 # most of an apply is waiting: for new service accounts, and for policies to be seen
PROJECT ?= demo
FILE ?= examples/diagnosis/release.toml # what publish brings to the sides: your images and pipelines
TAG ?= latest
SIDE ?= # both; primary or dr for one alone, when the other is dark
WAIT_SECONDS ?= 900 # how long the grants of global may take to hold: Google's take two minutes, seven or longer

export TF_PLAN_ARGS

APPLY = $(BIN)/python -m provisioning.apply --envs $(ENVS) --plans $(PLANS) --parallelism $(PARALLELISM) --wait-seconds $(WAIT_SECONDS)

.PHONY: bootstrap plan-global plan-primary plan-dr apply apply-global apply-primary apply-dr keep-plans fetch-plans tools costs publish

bootstrap: setup ## make the buckets of Terraform's state: PROJECT=my-project, in STATE_PROJECT where that is another
	@scripts/bootstrap $(PROJECT) $(addprefix --state-project=,$(STATE_PROJECT))

plan-global: ## save the terraform plan of what belongs to neither side
plan-primary: ## save the terraform plan of primary
plan-dr: ## save the terraform plan of dr

plan-global plan-primary plan-dr: plan-%:
	@mkdir -p $(PLANS)
	@rm -f $(PLANS)/$*.tfplan
	terraform -chdir=$(ENVS)/$* init -input=false $(addprefix -backend-config=bucket=,$(STATE_BUCKET))
	terraform -chdir=$(ENVS)/$* plan -input=false -parallelism=$(PARALLELISM) -out=$(abspath $(PLANS))/$*.tfplan $(TF_PLAN_ARGS)
	@printf '%s\n' "$$TF_PLAN_ARGS" >$(PLANS)/$*.arguments # for apply, which plans again when this plan has gone stale

apply: setup ## apply exactly the saved plans: global, then, once its grants hold, primary and dr
	@$(APPLY) global primary dr

apply-global: setup ## apply exactly the saved plan of global, and wait until its grants hold
apply-primary: setup ## apply exactly the saved plan of primary, also while dr is dark
apply-dr: setup ## apply exactly the saved plan of dr, also while primary is dark

apply-global apply-primary apply-dr: apply-%: setup
	@$(APPLY) $*

# A build plans, another applies: what the plans need beside the commit travels with them, written once a commit.
KEPT = gs://$(GLOBAL_STATE)/plans/$(COMMIT).tar.gz

keep-plans: ## keep the saved plans of COMMIT in the bucket GLOBAL_STATE, for the build that is approved
	@tar -czPf build/plans.tar.gz $(PLANS) build/bundle.zip $(ENVS)/*/.terraform.lock.hcl
	gcloud storage cp --quiet --if-generation-match=0 build/plans.tar.gz $(KEPT)

fetch-plans: ## bring back the plans that were kept of COMMIT, and initialise: GLOBAL_STATE, PRIMARY_STATE, DR_STATE
	@mkdir -p build
	@gcloud storage cp --quiet $(KEPT) build/plans.tar.gz || { echo "fetch-plans: found no $(KEPT): its plan has not ended well; approve when it has, or plan again" >&2; exit 5; }
	@tar -xzPf build/plans.tar.gz
	terraform -chdir=$(ENVS)/global init -input=false -lockfile=readonly -backend-config=bucket=$(GLOBAL_STATE)
	terraform -chdir=$(ENVS)/primary init -input=false -lockfile=readonly -backend-config=bucket=$(PRIMARY_STATE)
	terraform -chdir=$(ENVS)/dr init -input=false -lockfile=readonly -backend-config=bucket=$(DR_STATE)

tools: ## build and push the image that the builds run in: TOOLS=europe-docker.pkg.dev/my-project/vdr-tools/vertex-dr:1
	gcloud builds submit --quiet --config tools/cloudbuild.yaml --substitutions _TOOLS=$(TOOLS) .

costs: setup ## print what the declared environments cost: standing, in a drill, failed over
	@$(BIN)/python -m provisioning.costs --envs $(ENVS)

publish: setup ## push the images and pipelines that FILE names to both sides, or to SIDE=dr alone, as TAG
	@ENVS=$(ENVS) scripts/publish --file $(FILE) --tag $(TAG) $(addprefix --side=,$(SIDE))
