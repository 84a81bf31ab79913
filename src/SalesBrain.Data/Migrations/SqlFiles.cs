using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Data.Migrations;

/// <summary>The files of <c>sql/</c>, embedded in this assembly so that a build and its schema cannot be separated.</summary>
public static class SqlFiles
{
    /// <summary>Takes away what only a superuser can; not part of a migration.</summary>
    public static SqlFile Superuser { get; } = Read("sql/superuser.sql").Single();

    /// <summary>Creates the two logins if they do not exist.</summary>
    public static SqlFile Roles { get; } = Read("sql/roles.sql").Single();

    /// <summary>Creates the tables that record the applied files if they do not exist.</summary>
    public static SqlFile Ledger { get; } = Read("sql/ledger.sql").Single();

    /// <summary>Run once, in order.</summary>
    public static IReadOnlyList<SqlFile> Migrations { get; } = Read("sql/migrations/");

    /// <summary>Re-applied when their text changes, in order.</summary>
    public static IReadOnlyList<SqlFile> Current { get; } = Read("sql/current/");

    private static List<SqlFile> Read(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Select(name => (Resource: name, Name: name.Replace('\\', '/')))
            .Where(file => file.Name.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new SqlFile(file.Name["sql/".Length..], ReadText(assembly, file.Resource)))
            .ToList();
    }

    private static string ReadText(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        // The checksum must not depend on how a checkout ends its lines.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

/// <summary>One file: its name below <c>sql/</c> and its text.</summary>
public sealed record SqlFile(string Name, string Text)
{
    /// <summary>SHA-256 of the text, hexadecimal.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
