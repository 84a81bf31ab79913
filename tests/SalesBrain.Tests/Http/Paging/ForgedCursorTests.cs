using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.Functions.Organizations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http.Paging;

/// <summary>A cursor that the app has not written is refused before the list is read.</summary>
[Collection(SerialApp.Collection)]
public sealed class ForgedCursorTests(SerialApp app)
{
    [Theory]
    [InlineData("/api/v1/organizations", "cursor")]
    [InlineData("/api/v1/agencies", "cursor")]
    [InlineData("/api/v1/clients", "cursor")]
    [InlineData("/api/v1/users", "cursor")]
    [InlineData("/api/v1/leads", "cursor")]
    [InlineData("/api/v1/audit-log", "cursor")]
    [InlineData("/api/admin/webhooks/logs", "cursor")]
    [InlineData("/api/admin/webhooks/endpoints", "cursor")]
    [InlineData("/api/admin/webhooks/rejections", "cursor")]
    [InlineData("/api/admin/onboarding/links", "cursor")]
    [InlineData("/api/admin/users/@/assignments", "campaigns_cursor")]
    [InlineData("/api/admin/users/@/assignments", "contacts_cursor")]
    public async Task Forged_cursor_is_422_before_any_statement(string path, string parameter)
    {
        var user = await app.CreateUserAsync("sb_admin");
        var client = app.As(user);
        path = path.Replace("@", user.Id.ToString());
        // The session's look-up is remembered from here on.
        using var first = await client.GetAsync(path);
        Assert.NotEqual(HttpStatusCode.Unauthorized, first.StatusCode);
        string[] contents =
        [
            """{"key":{"key":"2026-01-01","id":"0198c0de-0000-7000-8000-000000000000"},"rows_before":2147483647}""",
            """{"key":{"key":"no time","id":"0198c0de-0000-7000-8000-000000000000"},"rows_before":-2147483648}""",
            """{"key":{"created_at":"2026-01-01T00:00:00Z","id":"0198c0de-0000-7000-8000-000000000000"},"rows_before":1}""",
            """{"key":"0198c0de-0000-7000-8000-000000000000","rows_before":2147483647}""",
        ];

        var statements = await app.StatementsAsync(async () =>
        {
            foreach (var content in contents.Select(Encoding.UTF8.GetBytes))
            {
                foreach (var code in new[] { SHA256.HashData(content)[..8], SHA256.HashData(content)[..16], new byte[16] })
                {
                    using var response = await client.GetAsync($"{path}?{parameter}={Base64Url.EncodeToString([.. code, .. content])}");
                    var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
                    Assert.Equal(parameter, problem.Members());
                }
            }
        });

        Assert.Empty(statements);
    }

    [Fact]
    public async Task Cursor_with_a_hash_that_anybody_can_compute_is_refused()
    {
        var content = """{"key":{"key":"2026-01-01 00:00:00+00","id":"0198c0de-0000-7000-8000-000000000000"},"rows_before":2147483647}"""u8.ToArray();
        string[] own = ["Cursor", "Page", "PageSize"];
        var members = InputShape.Of(typeof(ListUsersRequest)).Members.Where(member => !own.Contains(member.Property.Name))
            .SelectMany(
                member => JsonSerializer.SerializeToUtf8Bytes(member.Property.GetValue(new ListUsersRequest()), JsonResponse.Snake));
        var hash = SHA256.HashData([.. content, .. JsonSerializer.SerializeToUtf8Bytes(typeof(ListUsersRequest).FullName), .. members]);

        using var response = await app.As(await app.CreateUserAsync("owner"))
            .GetAsync($"/api/v1/users?cursor={Base64Url.EncodeToString([.. hash[..8], .. content])}");

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }
}
