using System.Diagnostics;
using System.Reflection;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>Runs the real Bicep compiler on a copy of <c>infra/</c>. It works offline, and knows the types of Azure's resources.</summary>
internal sealed class BicepCompiler : IDisposable
{
    /// <summary>The variables that the parameters files read, as <c>infra/README.md</c> lists them.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AZURE_ENV_NAME"] = "test",
        ["AZURE_LOCATION"] = "westeurope",
        ["MIGRATION_PRINCIPAL_ID"] = "11111111-1111-1111-1111-111111111111",
        ["MIGRATION_PRINCIPAL_NAME"] = "salesbrain-deployment",
        ["DEPLOYMENT_PRINCIPAL_ID"] = "44444444-4444-4444-4444-444444444444",
        ["PORTAL_BASE_URL"] = "https://app.example.com",
        ["ONBOARDING_BASE_URL"] = "https://onboarding.example.com",
        ["MAIL_FROM"] = "SalesBrain <no-reply@example.com>",
        ["SMTP_HOST"] = "smtp.example.com",
        ["SMTP_USER"] = "salesbrain",
        ["OTLP_ENDPOINT"] = "https://collector.example.com",
        ["METRICS_IN_APPLICATION_INSIGHTS"] = "true",
        ["ALARM_EMAIL"] = "operators@example.com",
    };

    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("salesbrain-infra-");

    internal BicepCompiler()
    {
        var repository = RepositoryFolder.Find();
        var infra = Path.Combine(repository, "infra");
        foreach (var file in Directory.EnumerateFiles(infra, "*.bicep*", SearchOption.AllDirectories).Append(Path.Combine(infra, "bicepconfig.json")))
        {
            var target = Path.Combine(_copy.FullName, Path.GetRelativePath(repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        File.Copy(Path.Combine(repository, "local.settings.sample.json"), Path.Combine(_copy.FullName, "local.settings.sample.json"));
    }

    /// <summary>The template that a parameters file uses, compiled, with its parameters.</summary>
    internal Task<BicepRun> BuildParametersAsync(string file) => RunAsync("build-params", file, "--stdout");

    /// <summary>The resources that would be deployed. Only what Azure alone knows remains an expression.</summary>
    internal async Task<(BicepRun Run, string? Snapshot)> EvaluateAsync(string file, Func<string, string>? change = null)
    {
        var name = file;
        if (change is not null)
        {
            name = $"changed-{Guid.NewGuid():N}.bicepparam";
            var text = await File.ReadAllTextAsync(InFolder(file));
            var changed = change(text);
            Assert.NotEqual(text, changed);
            await File.WriteAllTextAsync(InFolder(name), changed);
        }
        var run = await RunAsync(
            "snapshot", name, "--location", "westeurope",
            "--subscription-id", "22222222-2222-2222-2222-222222222222", "--tenant-id", "33333333-3333-3333-3333-333333333333");
        var snapshot = InFolder(Path.ChangeExtension(name, ".snapshot.json"));
        return (run, File.Exists(snapshot) ? await File.ReadAllTextAsync(snapshot) : null);
    }

    public void Dispose() => _copy.Delete(recursive: true);

    private string InFolder(string file) => Path.Combine(_copy.FullName, "infra", file);

    private async Task<BicepRun> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program(), arguments)
        {
            WorkingDirectory = Path.Combine(_copy.FullName, "infra"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new BicepRun(process.ExitCode, await output, await errors);
    }

    private static string Program()
    {
        var folder = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "BicepFolder").Value!;
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "bicep.exe" : "bicep");
    }
}

/// <summary>What a run of the compiler ended with. It prints warnings and errors to standard error.</summary>
internal sealed record BicepRun(int ExitCode, string Output, string Errors);
