#!/usr/bin/env bash
# Type check and tests with the newest aws-cdk-lib, constructs, cdk8s and cdk8s-plus-28: in a copy, so that nothing here changes.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar -cf - --exclude=./.git --exclude=./node_modules --exclude=./dist --exclude=./coverage --exclude=cdk.out . | tar -xf - -C "$copy"
cd "$copy"

peers=(aws-cdk-lib constructs cdk8s cdk8s-plus-28)
# development tools may ask for older peers
npm install --no-save --legacy-peer-deps --prefer-offline --no-audit --no-fund --loglevel=error "${peers[@]/%/@latest}"
for peer in "${peers[@]}"; do
  node -p "'$peer ' + require('$peer/package.json').version"
done

npx tsc --noEmit -p test/tsconfig.json
# CDK's own check of every template takes seconds a file, and is right that a stack of a unit test may be empty
CDK_VALIDATION=false npx jest --coverage=false "$@"
