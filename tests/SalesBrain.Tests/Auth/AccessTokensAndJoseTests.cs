using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;
using static SalesBrain.Core.Tests.Access.TokenForge;

namespace SalesBrain.Tests.Auth;

/// <summary>
/// An independent implementation, the npm package <c>jose</c>, reads our tokens and we read its. The cluster has restored it.
/// </summary>
public sealed class AccessTokensAndJoseTests(TestCluster cluster)
{
    [Fact]
    public async Task Jose_verifies_our_token()
    {
        var (token, expires) = Tokens.Issue(Owner, Now);

        var read = await RunJose(new { token, Options.Issuer, Options.Audience, Now = Now.AddMinutes(1) });

        Assert.Equal(Header, read["protectedHeader"]!.ToJsonString());
        var expected = JsonNode.Parse(Payload)!;
        Assert.Equal(expires.ToUnixTimeSeconds(), (long)expected["exp"]!);
        Assert.True(JsonNode.DeepEquals(expected, read["payload"]), read.ToJsonString());
    }

    [Fact]
    public async Task Jose_refuses_our_token_once_it_is_altered()
    {
        var (token, _) = Tokens.Issue(Owner, Now);
        var altered = token.Replace(Encode(Header), Encode(Header.Replace("k1", "k0")));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => RunJose(new { token = altered, Options.Issuer, Options.Audience, Now }));

        Assert.Contains("signature verification failed", failure.Message);
    }

    [Fact]
    public async Task We_verify_a_token_of_jose()
    {
        var token = (string)(await RunJose(new { header = JsonNode.Parse(Header), claims = JsonNode.Parse(Payload) }))!;

        Assert.Equal(Owner, Tokens.Verify(token, Now).Claims);
    }

    private async Task<JsonNode> RunJose(object request)
    {
        var input = JsonSerializer.SerializeToNode(request, JsonSerializerOptions.Web)!;
        input["dev"] = cluster.DevFolder;
        input["secret"] = Convert.ToBase64String(Secret);
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(RepositoryFolder.Find(), "tests", "SalesBrain.Tests", "Auth", "jose.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var cancel = TestContext.Current.CancellationToken;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(cancel), node.StandardError.ReadToEndAsync(cancel));
        await node.StandardInput.WriteAsync(input.ToJsonString());
        node.StandardInput.Close();
        await node.WaitForExitAsync(cancel);
        return node.ExitCode == 0 ? JsonNode.Parse(await output)! : throw new InvalidOperationException(await error);
    }
}
