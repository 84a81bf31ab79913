namespace SalesBrain.LocalHost.Startup;

/// <summary>The checkout this process belongs to: where <c>dev/</c> and the git-ignored <c>.local/</c> are.</summary>
public static class RepositoryFolder
{
    private const string Landmark = "SalesBrain.sln";

    /// <summary>The git-ignored folder of everything this checkout makes for itself. Throws as <see cref="Find"/> does.</summary>
    public static string Local => Path.Combine(Find(), ".local");

    /// <summary>
    /// The nearest folder with <c>SalesBrain.sln</c>, searched upwards from the program and then from the current directory. Throws
    /// <see cref="StartupException"/> if there is none.
    /// </summary>
    public static string Find() =>
        Upwards(AppContext.BaseDirectory) ?? Upwards(Environment.CurrentDirectory) ?? throw new StartupException(
            $"{Landmark} was not found above {AppContext.BaseDirectory} or {Environment.CurrentDirectory}. Run this inside "
            + "the SalesBrain repository.");

    private static string? Upwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Landmark)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
