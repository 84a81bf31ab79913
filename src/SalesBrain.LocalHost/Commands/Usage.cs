namespace SalesBrain.LocalHost.Commands;

/// <summary>The help text.</summary>
internal static class Usage
{
    internal static int Print()
    {
        Console.Error.WriteLine("""
            Usage: dotnet run --project src/SalesBrain.LocalHost [-- COMMAND]

              [--urls ADDRESS] [--demo]          run the app, on http://localhost:7071 unless told otherwise, with an embedded PostgreSQL and
                                                 demo data; or on ConnectionStrings__SalesBrain*, with demo data only when asked by --demo
              migrate --connection STRING        bring a database to what this build expects, as its owner
                [--entra                         sign in with a token of Microsoft Entra (az login) instead of a password, and
                [--tenant-identity OBJECT_ID     map the login salesbrain_tenant to a managed identity, and
                 --platform-identity OBJECT_ID]] the login salesbrain_platform to another
              reseal [--connection STRING] [--entra] [--check]
                                                 seal all secrets in a database with the first of DataKeys__Keys, so that the others can be
                                                 removed; --check only counts what each key seals; without a connection string, the one of
                                                 ConnectionStrings__SalesBrainPlatform; --entra signs in with a token of Microsoft Entra
              import-agents --from STRING [--mapping FILE] [--dry-run]
                                                 bring the agents of an installation whose agents had WhatsApp accounts of their own to
                                                 SalesBrain, see docs/agent-portal.md; FILE is a CSV file with their Genesys users
              drop-old-agent-tables --from STRING --confirm DATABASE [--mapping FILE]
                                                 drop the old tables, if everything in them has been imported
              docs                               write the generated files of docs/: openapi.json, endpoints.md, problems.md, lists.sql
              create-admin --email ADDRESS       make a platform administrator; the password is asked, or read from standard input

            Settings are environment variables, see docs/configuration.md.
            """);
        return 2;
    }
}
