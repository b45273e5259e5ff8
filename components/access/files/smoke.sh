#!/bin/bash
# On the test client's host, by two names. `smoke` brings the library, the client's file and its password, then runs smoke.py.
# `operator` brings Kafka's tools besides, then runs the command behind it in their environment, or a shell.
# With --prepare either only brings what it needs; `smoke --prepare` every ready file.
set -euo pipefail
home=${MSK_SMOKE_HOME:-/opt/msk-smoke}
[ -w "$home" ] || exec sudo "$0" "$@"
# shellcheck source=/dev/null
. "$home/settings" # REGION, CLUSTER, ARN, FILES, NAMES, SECRET, PACKAGES, REQUIREMENTS, KAFKA, SIGNER
export AWS_DEFAULT_REGION=$REGION AWS_MAX_ATTEMPTS=2
name=${0##*/}

fail() {
    echo "$name: prepare: $1" >&2
    exit 1
}

parameter() { # path below FILES
    mkdir -p "$home/files/$(dirname "$1")"
    aws ssm get-parameter --cli-connect-timeout 10 --name "$FILES/$1" --query Parameter.Value --output text >"$home/files/$1.$$" ||
        fail "the client's file $FILES/$1 cannot be read: does the host reach AWS Systems Manager, and does the parameter exist?"
    mv "$home/files/$1.$$" "$home/files/$1"
}

package() { # command, packages of Amazon Linux
    command -v "$1" >/dev/null || dnf -q -y install "$2" >&2 ||
        fail "$2 cannot be installed: Amazon Linux's packages come from Amazon S3, through the VPC's gateway endpoint or a NAT gateway."
}

packages() {
    aws s3 sync --only-show-errors "$PACKAGES" "$home/packages" ||
        fail "the packages in $PACKAGES cannot be read."
}

download() { # address
    mkdir -p "$home/packages"
    curl -fsSL --connect-timeout 15 -o "$home/packages/${1##*/}" "$1" ||
        fail "$1 cannot be read: is there a way to the internet? Else set testClient.packages."
}

password() {
    [ -n "$SECRET" ] || return 0
    KAFKA_PASSWORD=$(aws secretsmanager get-secret-value --cli-connect-timeout 10 --secret-id "$SECRET" --query SecretString --output text |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["password"])') || fail "the password cannot be read from $SECRET."
    export KAFKA_PASSWORD
}

# Commands may come at the same time: one brings what is missing, and the others wait for it.
exec 9>"$home/lock"
flock 9
if [ "$name" = operator ]; then
    if [ ! -e "$home/kafka/ready" ]; then
        package java java-17-amazon-corretto-headless
        if [ -n "$PACKAGES" ]; then
            packages
        else
            for address in $KAFKA $SIGNER; do download "$address"; done
        fi
        rm -rf "$home/kafka" && mkdir "$home/kafka"
        tar -xzf "$(find "$home/packages" -name 'kafka_*.tgz' | sort | tail -n 1)" -C "$home/kafka" --strip-components 1 ||
            fail "${PACKAGES:-$KAFKA} has no archive of Kafka, kafka_*.tgz."
        if [ -n "$SIGNER" ]; then
            find "$home/packages" -name 'aws-msk-iam-auth-*.jar' -exec cp {} "$home/kafka/libs" ';'
            ls "$home"/kafka/libs/aws-msk-iam-auth-* >/dev/null 2>&1 || fail "$PACKAGES lacks aws-msk-iam-auth-*-all.jar."
        fi
        touch "$home/kafka/ready"
    fi
    parameter java/client.properties
    [ "${1:-}" != --prepare ] || exit 0
    password
    exec 9>&-
    cd "$home/files/java"
    BOOTSTRAP=$(sed -n 's/^bootstrap.servers=//p' client.properties)
    export REGION CLUSTER ARN BOOTSTRAP PATH="$home/kafka/bin:$PATH" PS1="$CLUSTER# "
    [ $# -gt 0 ] || set -- bash --norc -i
    exec "$@"
fi
if [ ! -e "$home/installed" ]; then
    package python3.11 python3.11
    python3.11 -m venv "$home/python" || fail "no virtual environment can be made."
    if [ -n "$PACKAGES" ]; then
        packages
        # shellcheck disable=SC2086 # several requirements, a word each
        "$home/python/bin/pip" -q install --no-index --find-links "$home/packages" $REQUIREMENTS >&2 ||
            fail "$PACKAGES lacks wheels of $REQUIREMENTS, or of what they need."
    else
        # shellcheck disable=SC2086 # several requirements, a word each
        "$home/python/bin/pip" -q install --timeout 15 $REQUIREMENTS >&2 ||
            fail "$REQUIREMENTS cannot be installed: is there a way to the Python Package Index? Else set testClient.packages."
    fi
    touch "$home/installed"
fi
if [ "${1:-}" = --prepare ]; then
    for file in $NAMES; do parameter "$file"; done
    exit 0
fi
parameter kafka-python/kafka_client.py
password
exec 9>&-
exec "$home/python/bin/python" "$home/smoke.py" --client "$home/files/kafka-python/kafka_client.py" "$@"
