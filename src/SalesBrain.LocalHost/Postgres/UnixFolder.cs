namespace SalesBrain.LocalHost.Postgres;

/// <summary>Files and folders with stated permissions, whatever the umask.</summary>
internal static class UnixFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>A folder that everybody may enter. One that exists keeps its permissions.</summary>
    public static void CreateOpen(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            Open(path);
        }
    }

    /// <summary>Lets everybody read and run (or enter) it.</summary>
    public static void Open(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Everybody);
        }
    }

    /// <summary>A text file that only its owner can read.</summary>
    public static void WriteSecret(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }

    /// <summary>The path without symbolic links, as a server started in it sees it.</summary>
    public static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(real, part));
            real = next.LinkTarget is null ? next.FullName : RealPath(Path.Combine(real, next.LinkTarget));
        }

        return real;
    }
}
