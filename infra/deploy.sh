#!/usr/bin/env bash
# Deploy one stage, with the AWS CLI alone: infra/deploy.sh STAGE [BUILT]
#
# BUILT is what infra/build.py wrote (default .build/aws). The local cloud is a stage like another: it sets AWS_ENDPOINT_URL, and these:
#   PARAMETERS       more Name=value for the template (AlertEmail=…, ExistingLogBucket=…)
#   SOURCES          the sources file to upload (default config/sources.toml)
#   SITE_CONFIG      the site's config.json (default: people sign in by the user pool)
set -euo pipefail
cd "$(dirname "$0")/.."

stage=${1:?usage: infra/deploy.sh STAGE [BUILT]}
built=${2:-.build/aws}
stack=headwater-$stage
sources=${SOURCES:-config/sources.toml}
aws=(aws --output text)
parameters=("Stage=$stage")
read -ra more <<< "${PARAMETERS:-}"

say() { printf '  %s\n' "$*"; }

account=$("${aws[@]}" sts get-caller-identity --query Account)
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$("${aws[@]}" configure get region)}}

if [ "$stage" != local ]; then
    # The layer that holds pyarrow, pandas and awswrangler, in the version that the lock file names.
    wrangler=$(sed -n 's/^awswrangler==\([0-9.]*\).*/\1/p' requirements/layer.txt)
    layer=$("${aws[@]}" ssm get-parameter --name "/aws/service/aws-sdk-pandas/$wrangler/py3.13/x86_64/layer-arn" --query Parameter.Value)
    parameters+=("DataLayerArn=$layer")
fi

artifacts=headwater-artifacts-$account-$region
if ! "${aws[@]}" s3api head-bucket --bucket "$artifacts" > /dev/null 2>&1; then
    say "making the bucket $artifacts for packages"
    "${aws[@]}" s3 mb "s3://$artifacts" > /dev/null
    "${aws[@]}" s3api put-public-access-block --bucket "$artifacts" --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
fi

say "uploading the packages"
"${aws[@]}" cloudformation package --template-file "$built/template.json" --s3-bucket "$artifacts" --s3-prefix "$stack" \
    --use-json --output-template-file "$built/packaged.json" > "$built/package.log" 2>&1 || { tail -c 2000 "$built/package.log" >&2; exit 1; }
# CloudFormation takes at most a million bytes, and the CLI indents by four.
python3 -c 'import json, sys; path = sys.argv[1]; packed = json.dumps(json.load(open(path)), separators=(",", ":")); open(path, "w").write(packed)' "$built/packaged.json"
say "deploying the stack $stack"
"${aws[@]}" cloudformation deploy --stack-name "$stack" --template-file "$built/packaged.json" \
    --s3-bucket "$artifacts" --s3-prefix "$stack" --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND \
    --no-fail-on-empty-changeset --parameter-overrides "${parameters[@]}" "${more[@]}" > "$built/deploy.log" 2>&1 || {
    tail -c 2000 "$built/deploy.log" >&2
    "${aws[@]}" cloudformation describe-stack-events --stack-name "$stack" --max-items 200 \
        --query "StackEvents[?contains(ResourceStatus, 'FAILED')].[LogicalResourceId,ResourceStatusReason]" >&2 || true
    exit 1
}

"${aws[@]}" cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' > "$built/outputs.tsv"
output() { awk -v key="$1" '$1 == key { print $2 }' "$built/outputs.tsv"; }

say "uploading the configuration of the sources"
"${aws[@]}" s3 cp --only-show-errors "$sources" "s3://$(output LakeBucketName)/config/sources.toml"

# Whose ID tokens the API exchanges for sessions: the stack cannot tell its function by itself, for the pool's client follows from the site's address.
printf '{"issuer": "%s", "client": "%s"}' "$(output SignInIssuer)" "$(output SignInClientId)" |
    "${aws[@]}" s3 cp --only-show-errors --content-type application/json - "s3://$(output LakeBucketName)/config/sign-in.json"

site=$(output SiteBucketName)
if [ -d dashboard/dist ]; then
    say "uploading the dashboard"
    # Files under assets/ carry a hash of their content in their name: keep them for a year. Everything else is asked for again.
    if [ -d dashboard/dist/assets ]; then
        "${aws[@]}" s3 sync --only-show-errors --cache-control "public, max-age=31536000, immutable" dashboard/dist/assets "s3://$site/assets"
    fi
    "${aws[@]}" s3 sync --only-show-errors --delete --cache-control "no-cache" --exclude "assets/*" --exclude config.json --exclude b.js dashboard/dist "s3://$site"
    # Every page of the company's web sites loads this one: an hour is short enough for a new version.
    "${aws[@]}" s3 cp --only-show-errors --cache-control "public, max-age=3600" dashboard/dist/b.js "s3://$site/b.js"
fi
sign_in=$(printf '{"api": "/api", "auth": {"mode": "cognito", "domain": "%s", "client_id": "%s"}}' "$(output SignInAddress)" "$(output SignInClientId)")
printf '%s' "${SITE_CONFIG:-$sign_in}" |
    "${aws[@]}" s3 cp --only-show-errors --content-type application/json --cache-control "no-cache" - "s3://$site/config.json"
if [ "$stage" != local ]; then
    "${aws[@]}" cloudfront create-invalidation --distribution-id "$(output DistributionId)" --paths '/*' > /dev/null
    echo
    echo "Dashboard: https://$(output SiteDomain)/"
    echo "API:       https://$(output SiteDomain)/api"
    echo "People:    invite them as docs/sign-in.md says; the user pool is $(output PeoplePoolId)"
    echo "Secrets:   put GitHub's token and webhook secrets into the secret $(output GithubSecretName):"
    echo "           aws secretsmanager put-secret-value --secret-id $(output GithubSecretName) --secret-string '{\"token\": \"…\", \"webhook_secrets\": [\"…\"]}'"
fi
