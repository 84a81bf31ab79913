namespace SalesBrain.LocalHost.Commands;

/// <summary>The help text.</summary>
internal static class Usage
{
    internal static int Print()
    {
        Console.Error.WriteLine("""
            Usage: dotnet run --project src/SalesBrain.LocalHost [-- COMMAND]

              [--urls ADDRESS] [--demo]          run the app (default address: http://localhost:7071) with an embedded PostgreSQL and demo data;
                                                 with ConnectionStrings__SalesBrain*, use that database, and add demo data only with --demo
              migrate --connection STRING        apply the migrations of this build to a database, as its owner
              docs                               generate docs/openapi.json, docs/endpoints.md and docs/problems.md
              create-admin --email ADDRESS       create a platform administrator; prompts for the password, or reads it from standard input

            Settings are environment variables, see docs/configuration.md.
            """);
        return 2;
    }
}
