namespace SalesBrain.Tests.Documentation.Clients;

/// <summary>A front end that generates its types from the description gets types it can work with.</summary>
public sealed class OpenApiTypeScriptTests : IDisposable
{
    private readonly NodeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Types_are_generated_and_a_client_compiles_against_them()
    {
        await _folder.RunPackageAsync(
            "openapi-typescript/bin/cli.js", NodeFolder.OpenApi, "--output", _folder.Path("api.d.ts"), "--default-non-nullable", "false");
        await _folder.WriteAsync("client.ts", """
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

            export const metadata: components["schemas"]["UpdateClientRequest"] = { metadata: { tier: 1, tags: ["a"] } };

            // @ts-expect-error: the description knows what a sign-in takes.
            export const misspelt: components["schemas"]["LoginRequest"] = { e_mail: "a@b.example" };

            // @ts-expect-error: metadata is an object.
            export const notAnObject: components["schemas"]["UpdateClientRequest"] = { metadata: 1 };
            """);

        await _folder.RunPackageAsync(
            "typescript/bin/tsc",
            "--noEmit", "--strict", "--skipLibCheck", "false", "--module", "esnext", "--moduleResolution", "bundler",
            _folder.Path("client.ts"));
    }
}
