#!/bin/sh
# AWS's guide for test licenses (Marketplace seller guide, "Creating a test license"), command by command, with its
# mistakes mended: dates with milliseconds instead of seconds twice, the brace its tiers lack, every option's dashes,
# and the fingerprint of the test license instead of AWS Marketplace's. The grant and its acceptance, for which the
# guide sends one to the console, are commands here. Prints one line of JSON per call: the command and its answer.
set -eu

ask() {
  answer=$(aws license-manager "$@")
  printf '{"command":"%s","answer":%s}\n' "$1" "$(printf '%s' "${answer:-null}" | tr -d '\n')"
}
member() { printf '%s' "$answer" | sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p" | head -n 1; }
as() { export AWS_ACCESS_KEY_ID="$1"; }
refused() {
  if message=$(aws license-manager "$@" 2>&1); then
    printf 'not refused: %s\n' "$message" >&2
    exit 1
  fi
  printf '{"command":"%s","refusal":"%s"}\n' "$1" "$(printf '%s' "$message" | tr -d '\n' | tr '"' "'")"
}

PRODUCT_ID=2205b290-19e6-4c76-9eea-377d6bf71a47
CONFIGURABLE_ENTITLEMENTS='[{"Name":"ReadOnly","MaxCount":5,"Overage":false,"Unit":"Count","AllowCheckIn":true}]'
TIERED_ENTITLEMENTS='[{"Name":"EnterpriseUsage","Value":"Enabled","Unit":"None"}]'
VALIDITY="Begin=2027-01-01T00:00:00.000Z,End=2027-01-11T00:00:00.000Z"
CONSUMPTION_CONFIG='{"RenewType":"None","ProvisionalConfiguration":{"MaxTimeToLiveInMinutes":60}}'
OPERATIONS="CheckoutLicense CheckInLicense ExtendConsumptionLicense ListPurchasedLicenses"

as "$SELLER"
ask create-license --license-name "AWSMP Test License" --product-name "Test Product" --product-sku "$PRODUCT_ID" \
  --issuer Name=Self --beneficiary "$BUYER" --validity "$VALIDITY" --entitlements "$CONFIGURABLE_ENTITLEMENTS" \
  --home-region us-east-1 --consumption-configuration "$CONSUMPTION_CONFIG" --client-token license-1
LICENSE=$(member LicenseArn)
ask get-license --license-arn "$LICENSE"
FINGERPRINT=$(member KeyFingerprint)
ask create-grant --grant-name "for the buyer" --license-arn "$LICENSE" --principals "arn:aws:iam::$BUYER:root" \
  --home-region us-east-1 --allowed-operations $OPERATIONS --client-token grant-1
GRANT=$(member GrantArn)

as "$BUYER"
ask accept-grant --grant-arn "$GRANT"
ask create-grant-version --grant-arn "$GRANT" --status ACTIVE --client-token activate-1
ask list-received-licenses --filters "Name=ProductSKU,Values=$PRODUCT_ID"
ask checkout-license --product-sku "$PRODUCT_ID" --checkout-type PROVISIONAL --key-fingerprint "$FINGERPRINT" \
  --entitlements Name=ReadOnly,Unit=Count,Value=2 --client-token checkout-1
TOKEN=$(member LicenseConsumptionToken)
ask get-license-usage --license-arn "$LICENSE"
ask check-in-license --license-consumption-token "$TOKEN"
# The guide's own last step: the test license under AWS Marketplace's fingerprint, which can not be found.
refused checkout-license --product-sku "$PRODUCT_ID" --checkout-type PROVISIONAL \
  --key-fingerprint "aws:294406891311:AWS/Marketplace:issuer-fingerprint" \
  --entitlements Name=ReadOnly,Unit=Count,Value=1 --client-token checkout-2

as "$SELLER"
ask create-license-version --license-arn "$LICENSE" --license-name "AWSMP Test License" --product-name "Test Product" \
  --issuer Name=Self --home-region us-east-1 --validity "$VALIDITY" --entitlements "$TIERED_ENTITLEMENTS" \
  --consumption-configuration "$CONSUMPTION_CONFIG" --status AVAILABLE --client-token version-2 --source-version 1
ask list-license-versions --license-arn "$LICENSE" --max-results 10
ask list-licenses --filters "Name=ProductSKU,Values=$PRODUCT_ID"
ask create-grant --grant-name "a second" --license-arn "$LICENSE" --principals "arn:aws:iam::$BUYER:root" \
  --home-region us-east-1 --allowed-operations $OPERATIONS --client-token grant-2
SECOND=$(member GrantArn)
ask list-distributed-grants --filters "Name=LicenseArn,Values=$LICENSE"
ask delete-grant --grant-arn "$SECOND" --grant-version 1
ask delete-license --license-arn "$LICENSE" --source-version 2
