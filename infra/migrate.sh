#!/usr/bin/env bash
# Migrates the database as its owner, and maps the app's two logins to their identities: infra/migrate.sh. It can be repeated.
# Must run inside the virtual network: the database has no public address. Needs az or azd (signed in as the migrating principal) and the
# .NET SDK. Variables, which are outputs of the templates (azd sets them):
#   databaseHost, databaseName, migrationLogin, tenantLoginPrincipalId, platformLoginPrincipalId
# Optional:
#   MIGRATOR              folder of a published local host (dotnet publish src/SalesBrain.LocalHost), used instead of building one
set -euo pipefail
cd "$(dirname "$0")/.."
: "${databaseHost:?is missing: host name of the database server}"
: "${databaseName:?is missing: name of the database}"
: "${migrationLogin:?is missing: name of the migrating principal}"
: "${tenantLoginPrincipalId:?is missing: object id of the identity of salesbrain_tenant}"
: "${platformLoginPrincipalId:?is missing: object id of the identity of salesbrain_platform}"

if [ -n "${MIGRATOR:-}" ]; then
    run=(dotnet "$MIGRATOR/SalesBrain.LocalHost.dll")
else
    run=(dotnet run --project src/SalesBrain.LocalHost --configuration Release --)
fi
# Port 5432 is the server itself: migrations hold locks longer than a transaction, which PgBouncer does not allow.
exec "${run[@]}" migrate \
    --connection "Host=$databaseHost;Port=5432;Database=$databaseName;Username=$migrationLogin;Ssl Mode=VerifyFull" \
    --entra --tenant-identity "$tenantLoginPrincipalId" --platform-identity "$platformLoginPrincipalId"
