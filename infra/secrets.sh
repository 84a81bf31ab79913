#!/usr/bin/env bash
# Puts the app's secrets into Key Vault: infra/secrets.sh. Existing secrets are kept, so it can be repeated.
# Needs az (signed in, with the right to write secrets) and openssl. Variables:
#   keyVaultName          name of the vault: an output of the templates (azd sets it)
#   JWT_KEY_ID            name of the key that signs access tokens, by default 1
#   DATA_KEY_ID           name of the key that encrypts secrets in the database, by default 1
#   SMTP_USER             user name at the mail server, if it requires sign-in; then also
#   SMTP_PASSWORD         its password. Only needed while the vault does not have it; it replaces the one in the vault
#   GENESYS_CLIENTS       OAuth clients of Genesys, if agents sign in: region=id:secret;region=id:secret
#   WHATSAPP_APP_SECRET   secret of the Meta app, if organizations use WhatsApp; the vault also gets a random verify token
#   TENANT_SERVICE_KEY    key with which other services look up tenants, if any do
#   OTLP_HEADERS          headers of the OpenTelemetry collector, if it requires any: name=value,name=value
set -euo pipefail
: "${keyVaultName:?is missing: the name of the key vault}"

has() { az keyvault secret show --vault-name "$keyVaultName" --name "$1" --query id --output none 2>"$errors"; }

# The value comes from standard input, and through a file descriptor, so that no list of processes shows it.
put() { az keyvault secret set --vault-name "$keyVaultName" --name "$1" --file /dev/stdin --encoding utf-8 --output none; }

# Creates a random key unless the vault has it. Any other error than "not found" ends the script, so that a key is never replaced.
key() {
    if has "$1"; then
        echo "$1 is in the vault."
    elif grep -q SecretNotFound "$errors"; then
        openssl rand -base64 32 | tr -d '\n' | put "$1"
        echo "$1 was created."
    else
        cat "$errors" >&2
        echo "$1 could not be read from the vault $keyVaultName." >&2
        exit 1
    fi
}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

key "jwt-key-${JWT_KEY_ID:-1}"
key "data-key-${DATA_KEY_ID:-1}"
if [ -n "${SMTP_USER:-}" ]; then
    if [ -n "${SMTP_PASSWORD:-}" ]; then
        printf %s "$SMTP_PASSWORD" | put smtp-password
        echo 'smtp-password was stored.'
    elif has smtp-password; then
        echo 'smtp-password is in the vault.'
    else
        echo 'smtp-password is missing: set SMTP_PASSWORD.' >&2
        exit 1
    fi
fi
if [ -n "${GENESYS_CLIENTS:-}" ]; then
    printf %s "$GENESYS_CLIENTS" | put genesys-clients
    echo 'genesys-clients was stored.'
fi
if [ -n "${WHATSAPP_APP_SECRET:-}" ]; then
    printf %s "$WHATSAPP_APP_SECRET" | put whatsapp-app-secret
    echo 'whatsapp-app-secret was stored.'
    key whatsapp-verify-token
fi
if [ -n "${TENANT_SERVICE_KEY:-}" ]; then
    printf %s "$TENANT_SERVICE_KEY" | put tenant-service-key
    echo 'tenant-service-key was stored.'
fi
if [ -n "${OTLP_HEADERS:-}" ]; then
    printf %s "$OTLP_HEADERS" | put otlp-headers
    echo 'otlp-headers was stored.'
fi
