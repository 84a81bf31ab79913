namespace SalesBrain.LocalHost.Commands;

/// <summary>What this program can be asked to do.</summary>
internal static class Usage
{
    internal static int Print()
    {
        Console.Error.WriteLine("""
            Usage: dotnet run --project src/SalesBrain.LocalHost [-- COMMAND]

              (nothing)                          run the app on an embedded PostgreSQL, or on ConnectionStrings__SalesBrain*
              migrate --connection STRING        bring a database to what this build expects, as its owner
              docs                               write docs/openapi.json, docs/endpoints.md and docs/problems.md from the functions
              create-admin --email ADDRESS       make a platform administrator; the password is asked, or read from standard input
            """);
        return 2;
    }
}
