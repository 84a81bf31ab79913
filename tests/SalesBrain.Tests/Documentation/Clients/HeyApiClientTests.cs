using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation.Clients;

/// <summary>A generated TypeScript client works against the host.</summary>
public sealed class HeyApiClientTests(TestApp app) : IDisposable
{
    private readonly NodeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_signs_in_reads_itself_lists_and_exports()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, "processed", contactEmail: "a@prospect.example");
        await app.CreateWebhookLogAsync(owner.OrganizationId.Value, "dead");
        await GenerateAsync();
        await _folder.WriteAsync("main.ts", """
            import { client } from "./api/client.gen.js";
            import { exportWebhookLogs, getMe, listWebhookLogs, login } from "./api/sdk.gen.js";
            import type { WebhookLogRow } from "./api/types.gen.js";

            declare const process: { argv: string[] };
            const [, , baseUrl, email, password] = process.argv;

            client.setConfig({ baseUrl });
            const { data: session } = await login({ body: { email, password }, throwOnError: true });
            const signedIn = { auth: session.access_token, throwOnError: true } as const;
            const { data: me } = await getMe(signedIn);
            const { data: page } = await listWebhookLogs({ ...signedIn, query: { limit: 1, status: ["processed", "dead"], date_from: "2020-01-31" } });
            const { data: json } = await exportWebhookLogs({ ...signedIn, query: { format: "json" }, parseAs: "blob" });
            const rows: WebhookLogRow[] = JSON.parse(await json.text());
            const { data: csv } = await exportWebhookLogs({ ...signedIn, parseAs: "blob" });
            const refused = await getMe({ auth: "no token" });
            const code: string | undefined = refused.error?.code;
            console.log(JSON.stringify([me.data.email, me.data.role, page.data.total, rows.map(row => row.status), (await csv.text()).slice(0, 13), code]));
            """);

        await _folder.RunPackageAsync("typescript/bin/tsc", "--project", _folder.Path("tsconfig.json"));
        var output = await _folder.RunAsync(
            _folder.Path("built/main.js"), app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), owner.Email, AuthWorld.Password);

        Assert.Equal($"""["{owner.Email}","owner",2,["dead","processed"],"id,event_type","unauthorized"]""", output.Trim());
    }

    private async Task GenerateAsync()
    {
        await _folder.WriteAsync("openapi-ts.config.mjs", $$"""
            export default { input: {{System.Text.Json.JsonSerializer.Serialize(NodeFolder.OpenApi)}}, output: { path: "api", module: { extension: ".js" } }, logs: { file: false } };
            """);
        await _folder.WriteAsync("package.json", """{ "type": "module" }""");
        await _folder.WriteAsync("tsconfig.json", """
            {
              "compilerOptions": {
                "strict": true, "skipLibCheck": false, "module": "nodenext", "target": "es2022", "lib": ["es2022", "dom", "dom.iterable"], "types": [], "outDir": "built"
              },
              "files": ["main.ts", "api/index.ts"]
            }
            """);
        await _folder.RunPackageAsync("@hey-api/openapi-ts/bin/run.js", "--file", "openapi-ts.config.mjs");
    }
}
