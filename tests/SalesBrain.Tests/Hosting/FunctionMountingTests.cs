using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Hosting;

public sealed class FunctionMountingTests : IAsyncLifetime
{
    private const string LeadId = "0192f3a0-1111-7222-8333-444455556666";

    private FunctionServer server = null!;

    private HttpClient Client => server.Client;

    public async ValueTask InitializeAsync() =>
        server = await FunctionServer.StartAsync(
            [typeof(SampleLeads)],
            builder => builder.Services.AddScoped<ScopedService>().AddSingleton<Signals>());

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("api/leads/" + LeadId, "lead " + LeadId)]
    [InlineData("API/Leads/" + LeadId, "lead " + LeadId)]
    [InlineData("api/leads/bulk", "bulk")]
    [InlineData("api/pages/7", "page 7 of any")]
    [InlineData("api/pages/7/5000000000", "page 7 of 5000000000")]
    [InlineData("api/files/a/b%20c.txt", "a/b c.txt")]
    public async Task Route_values_reach_the_function_as_its_types(string path, string answer) =>
        Assert.Equal(answer, await Client.GetStringAsync(path));

    [Theory]
    [InlineData("api/leads/bulk/", "bulk")]
    [InlineData("api/leads/" + LeadId + "/", "lead " + LeadId)]
    [InlineData("api/pages/7/", "page 7 of any")]
    public async Task Trailing_slash_is_tolerated(string path, string answer) =>
        Assert.Equal(answer, await Client.GetStringAsync(path));

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Each_listed_method_is_served_beside_other_functions_of_the_route(string method)
    {
        using var response = await SendAsync(method, $"api/leads/{LeadId}");

        Assert.Equal($"{method} {LeadId}", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("POST", "api/leads/bulk")]
    [InlineData("DELETE", "api/leads/" + LeadId)]
    [InlineData("POST", "api/pages/7")]
    [InlineData("PUT", "api/files/x")]
    [InlineData("PROPFIND", "api/leads/bulk")]
    [InlineData("GET", "api/leads/not-a-guid")]
    [InlineData("DELETE", "api/leads/not-a-guid")]
    [InlineData("GET", "api/pages/99999999999")]
    [InlineData("GET", "api/nothing")]
    [InlineData("GET", "")]
    [InlineData("HEAD", "api/leads/" + LeadId)]
    [InlineData("OPTIONS", "api/leads/" + LeadId)]
    public async Task Anything_but_a_listed_method_of_a_known_path_is_an_empty_404(string method, string path)
    {
        using var response = await SendAsync(method, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("HEAD", "")]
    [InlineData("OPTIONS", "bulk")]
    public async Task Head_and_options_are_served_where_listed(string method, string body)
    {
        using var response = await SendAsync(method, "api/leads/bulk");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Preflight_is_left_to_the_host_even_where_options_is_not_listed()
    {
        await using var withCors = await FunctionServer.StartAsync(
            [typeof(SampleLeads)],
            builder => builder.Services.AddScoped<ScopedService>().AddCors(),
            app => app.UseCors(policy => policy.WithOrigins("https://portal.example").AllowAnyMethod()));

        using var unanswered = await PreflightAsync(Client);
        using var answered = await PreflightAsync(withCors.Client);

        Assert.Equal(HttpStatusCode.NotFound, unanswered.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, answered.StatusCode);
        Assert.Equal("https://portal.example", answered.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Query_and_body_arrive_untouched_and_the_result_sets_the_status()
    {
        using var response = await Client.PostAsync("api/echo?a=%20b&A=c", new StringContent("{ \"x\" : 1 }"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("?a=%20b&A=c { \"x\" : 1 }", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_request_has_its_own_instance_and_scope()
    {
        var first = (await Client.GetStringAsync("api/scopes")).Split(' ');
        var second = (await Client.GetStringAsync("api/scopes")).Split(' ');

        Assert.NotEqual(first[0], second[0]);
        Assert.NotEqual(first[1], second[1]);
    }

    [Fact]
    public async Task Unhandled_exception_is_an_empty_500_and_logged_once()
    {
        using var response = await Client.GetAsync("api/fail");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.False(response.Headers.Contains("X-Half-Done"));
        var (category, _, exception) = Assert.Single(server.Errors.Entries);
        Assert.Equal("Function.Fail", category);
        Assert.Equal("the secret reason", exception!.Message);
    }

    [Fact]
    public async Task Client_that_goes_away_cancels_its_function_and_nothing_is_logged_as_an_error()
    {
        var signals = server.Services.GetRequiredService<Signals>();
        using var leaving = new CancellationTokenSource();
        var request = Client.GetAsync("api/hang", leaving.Token);
        await signals.Started.Task.WaitAsync(Eventually.Limit);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await signals.Cancelled.Task.WaitAsync(Eventually.Limit);
        await server.StopAsync();
        Assert.Empty(server.Errors.Entries);
    }

    [Fact]
    public async Task Value_that_cannot_be_converted_fails_the_call()
    {
        var function = FunctionCatalog.Load(typeof(SampleLeads)).Http.Single(candidate => candidate.Name == "GetPage");
        var context = new DefaultHttpContext { RequestServices = server.Services.CreateScope().ServiceProvider };
        context.Request.RouteValues = new RouteValueDictionary { ["number"] = "99999999999" };

        await Assert.ThrowsAsync<FormatException>(() => FunctionInvoker.For(function)(context));
    }

    private static Task<HttpResponseMessage> PreflightAsync(HttpClient client) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Options, $"api/leads/{LeadId}")
        {
            Headers = { { "Origin", "https://portal.example" }, { "Access-Control-Request-Method", "PUT" } },
        });

    private Task<HttpResponseMessage> SendAsync(string method, string path) =>
        Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
}
