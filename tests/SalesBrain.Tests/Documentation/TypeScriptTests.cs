using System.Diagnostics;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation;

/// <summary>A front end that generates its types from the description gets types it can work with.</summary>
public sealed class TypeScriptTests(TestCluster cluster) : IDisposable
{
    private readonly string _modules = Path.Combine(cluster.DevFolder, "node_modules");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("salesbrain-types-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Types_are_generated_and_a_client_compiles_against_them()
    {
        var types = Path.Combine(_folder.FullName, "api.d.ts");
        await RunAsync(
            Path.Combine(_modules, "openapi-typescript", "bin", "cli.js"),
            Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json"), "--output", types, "--default-non-nullable", "false");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "client.ts"), """
            import type { components, operations } from "./api";

            type Success = operations["GetMe"]["responses"][200]["content"]["application/json"];
            type Refused = operations["GetMe"]["responses"][401]["content"]["application/problem+json"];

            export function greet(answer: Success | Refused): string {
              if ("success" in answer) {
                const organization: string | undefined = answer.data.organization?.name;
                return `${answer.data.first_name ?? answer.data.email} of ${organization ?? "SalesBrain"}`;
              }
              const code: "unauthorized" = answer.code;
              return `${code}: ${answer.detail} (${answer.trace_id})`;
            }

            export const signIn: components["schemas"]["LoginRequest"] = { email: "a@b.example", password: "secret" };

            // @ts-expect-error: the description knows what a sign-in takes.
            export const misspelt: components["schemas"]["LoginRequest"] = { e_mail: "a@b.example" };
            """);

        await RunAsync(
            Path.Combine(_modules, "typescript", "bin", "tsc"),
            "--noEmit", "--strict", "--skipLibCheck", "false", "--module", "esnext", "--moduleResolution", "bundler", Path.Combine(_folder.FullName, "client.ts"));
    }

    private async Task RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        using var node = Process.Start(start)!;
        var said = Task.WhenAll(node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, $"{Path.GetFileName(script)} failed: {string.Concat(await said)}");
    }
}
