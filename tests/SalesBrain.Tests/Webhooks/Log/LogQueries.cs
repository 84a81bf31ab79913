using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

/// <summary>Asking the log list.</summary>
internal static class LogQueries
{
    /// <summary>The ids of a page, and that the total agrees with it.</summary>
    internal static async Task<Guid[]> LogIdsAsync(this TestApp app, TestUser user, string query = "")
    {
        var data = await (await app.As(user).GetAsync("/api/admin/webhooks/logs?" + query)).DataAsync();
        var ids = data.GetProperty("logs").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()).ToArray();
        if (!data.GetProperty("has_more").GetBoolean())
        {
            Assert.Equal(data.GetProperty("offset").GetInt32() + ids.Length, data.GetProperty("total").GetInt32());
        }
        Assert.True(data.GetProperty("total_is_exact").GetBoolean());
        return ids;
    }
}
