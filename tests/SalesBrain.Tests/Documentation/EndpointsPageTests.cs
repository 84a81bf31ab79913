using SalesBrain.Tests.Documentation.Samples;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Documentation;

public sealed class EndpointsPageTests
{
    private const string Page = "docs/endpoints.md";

    [Fact]
    public async Task Endpoint_row_has_method_path_function_and_callers() =>
        Assert.Contains(
            "| GET | `/api/samples/{sample_id}/parts` | ListSampleParts | every signed-in user | The parts of a sample |\n",
            await DocumentedFunctions.PageAsync(Page, [typeof(ListSampleParts)]), StringComparison.Ordinal);

    [Fact]
    public async Task Timer_row_has_setting_default_and_words() =>
        Assert.Contains(
            "| EveryHour | `EveryHourSchedule` | `0 0 * * * *` | hourly at minute 0 |",
            await DocumentedFunctions.PageAsync(
                Page, [typeof(EveryHour)], new Dictionary<string, string> { ["EveryHourSchedule"] = "0 0 * * * *" }),
            StringComparison.Ordinal);

    [Fact]
    public async Task Timer_without_a_default_schedule_must_be_set() =>
        Assert.Contains(
            "| EveryHour | `EveryHourSchedule` |  | must be set |", await DocumentedFunctions.PageAsync(Page, [typeof(EveryHour)]),
            StringComparison.Ordinal);
}
