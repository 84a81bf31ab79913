using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.Documentation.Samples;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Documentation;

public sealed class EndpointsPageTests : IDisposable
{
    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("salesbrain-docs-");

    public void Dispose() => _repository.Delete(recursive: true);

    [Fact]
    public async Task Endpoint_is_told_with_method_path_function_and_caller()
    {
        var page = await DocumentedFunctions.PageAsync("docs/endpoints.md", FunctionCatalog.Load(typeof(ListSampleParts)));

        Assert.Contains("| GET | `/api/samples/{sample_id}/parts` | ListSampleParts | every signed-in user | The parts of a sample |\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timer_is_told_with_its_setting_default_and_words()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_repository.FullName, "local.settings.sample.json"), """{"Values": {"Schedules__EveryHour": "0 0 * * * *"}}""");

        var page = await DocumentedFunctions.PageAsync("docs/endpoints.md", FunctionCatalog.Load(typeof(EveryHour)), _repository.FullName);

        Assert.Contains("| EveryHour | `Schedules__EveryHour` | `0 0 * * * *` | hourly at minute 0 |", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timer_without_a_default_schedule_must_be_set()
    {
        var page = await DocumentedFunctions.PageAsync("docs/endpoints.md", FunctionCatalog.Load(typeof(EveryHour)), _repository.FullName);

        Assert.Contains("| EveryHour | `Schedules__EveryHour` |  | must be set |", page, StringComparison.Ordinal);
    }
}
