using System.Net;
using Microsoft.Extensions.Configuration;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Http;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Documentation.Samples;
using SalesBrain.Tests.Hosting;

namespace SalesBrain.Tests.Documentation;

/// <summary>A forgotten declaration closes an endpoint; it never opens it.</summary>
public sealed class CallerDeclarationTests
{
    [Fact]
    public void Every_http_function_declares_who_may_call_it() =>
        Assert.All(FunctionCatalog.Load().Http, function =>
        {
            var metadata = OperationMetadata.Read(function.ClassType);
            Assert.Equal(function.Name, metadata.Name);
            Assert.NotNull(metadata.Operation);
            Assert.False(string.IsNullOrWhiteSpace(metadata.Caller?.WhoMayCall), $"{function.Name} does not declare who may call it.");
        });

    [Theory]
    [InlineData("/api/without-caller")]
    [InlineData("/api/without-endpoint")]
    public async Task Function_without_declared_callers_refuses_every_request(string path)
    {
        await using var server = await FunctionServer.StartAsync(
            [typeof(WithoutCaller), typeof(WithoutOperation)],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(FunctionServer.SettingsWithoutDatabase);
                builder.Services.AddSalesBrain(builder.Configuration);
            });

        using var response = await server.Client.GetAsync(path);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "caller_undeclared");
        Assert.Contains(server.Errors.Entries, entry => entry.Message.Contains("declares no caller", StringComparison.Ordinal));
    }
}
