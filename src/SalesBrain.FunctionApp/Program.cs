using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;
using SalesBrain.Functions.Http;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.Configure<KestrelServerOptions>(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.RequestHeaderEncodingSelector = RequestHeaderEncoding.Select;
});
try
{
    builder.Services.AddSalesBrainWithTimers(builder.Configuration);
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
await builder.Build().RunAsync();
return 0;
