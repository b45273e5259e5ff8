#!/bin/bash
# `smoke` on the test client: brings the library, the client's file and its password, then runs smoke.py.
# `smoke --prepare` only brings them, and the ready files of all other libraries too.
set -euo pipefail
home=${MSK_SMOKE_HOME:-/opt/msk-smoke}
[ -w "$home" ] || exec sudo "$0" "$@"
# shellcheck source=/dev/null
. "$home/settings" # REGION, FILES, NAMES, SECRET, WHEELS, REQUIREMENTS
export AWS_DEFAULT_REGION=$REGION AWS_MAX_ATTEMPTS=2

fail() {
    echo "smoke: prepare: $1" >&2
    exit 1
}

parameter() { # path below FILES
    mkdir -p "$home/files/$(dirname "$1")"
    aws ssm get-parameter --cli-connect-timeout 10 --name "$FILES/$1" --query Parameter.Value --output text >"$home/files/$1.new" ||
        fail "the client's file $FILES/$1 cannot be read: does the host reach AWS Systems Manager, and does the parameter exist?"
    mv "$home/files/$1.new" "$home/files/$1"
}

if [ ! -e "$home/installed" ]; then
    command -v python3.11 >/dev/null || dnf -q -y install python3.11 >&2 ||
        fail "python3.11 cannot be installed: Amazon Linux's packages come from Amazon S3, through the VPC's gateway endpoint or a NAT gateway."
    python3.11 -m venv "$home/python" || fail "no virtual environment can be made."
    if [ -n "$WHEELS" ]; then
        aws s3 cp --only-show-errors --recursive "$WHEELS" "$home/wheels" || fail "the wheels in $WHEELS cannot be read."
        # shellcheck disable=SC2086 # several requirements, a word each
        "$home/python/bin/pip" -q install --no-index --find-links "$home/wheels" $REQUIREMENTS >&2 ||
            fail "$WHEELS lacks wheels of $REQUIREMENTS, or of what they need."
    else
        # shellcheck disable=SC2086 # several requirements, a word each
        "$home/python/bin/pip" -q install --timeout 15 $REQUIREMENTS >&2 ||
            fail "$REQUIREMENTS cannot be installed: is there a way to the Python Package Index? Else set testClient.wheels."
    fi
    touch "$home/installed"
fi
if [ "${1:-}" = --prepare ]; then
    for name in $NAMES; do parameter "$name"; done
    exit 0
fi
parameter kafka-python/kafka_client.py
if [ -n "$SECRET" ]; then
    secret=$(aws secretsmanager get-secret-value --cli-connect-timeout 10 --secret-id "$SECRET" --query SecretString --output text) ||
        fail "the password cannot be read from $SECRET."
    KAFKA_PASSWORD=$("$home/python/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["password"])' <<<"$secret")
    export KAFKA_PASSWORD
fi
exec "$home/python/bin/python" "$home/smoke.py" --client "$home/files/kafka-python/kafka_client.py" "$@"
