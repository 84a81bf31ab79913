using SalesBrain.Core.Whatsapp;

namespace SalesBrain.Core.Tests.Whatsapp;

public sealed class WhatsappErrorsTests
{
    /// <summary>Meta's table, written down once more than in the code.</summary>
    [Theory]
    [InlineData(0, WhatsappRetry.No)]
    [InlineData(190, WhatsappRetry.No)]
    [InlineData(3, WhatsappRetry.No)]
    [InlineData(10, WhatsappRetry.No)]
    [InlineData(200, WhatsappRetry.No)]
    [InlineData(299, WhatsappRetry.No)]
    [InlineData(1, WhatsappRetry.Once)]
    [InlineData(2, WhatsappRetry.Yes)]
    [InlineData(4, WhatsappRetry.Queue)]
    [InlineData(80007, WhatsappRetry.Queue)]
    [InlineData(130429, WhatsappRetry.Queue)]
    [InlineData(131048, WhatsappRetry.No)]
    [InlineData(131056, WhatsappRetry.Pair)]
    [InlineData(131057, WhatsappRetry.Yes)]
    [InlineData(133004, WhatsappRetry.Yes)]
    [InlineData(133016, WhatsappRetry.No)]
    [InlineData(368, WhatsappRetry.No)]
    [InlineData(33, WhatsappRetry.No)]
    [InlineData(100, WhatsappRetry.No)]
    [InlineData(131008, WhatsappRetry.No)]
    [InlineData(131009, WhatsappRetry.No)]
    [InlineData(131021, WhatsappRetry.No)]
    [InlineData(131026, WhatsappRetry.No)]
    [InlineData(131030, WhatsappRetry.No)]
    [InlineData(131031, WhatsappRetry.No)]
    [InlineData(131042, WhatsappRetry.No)]
    [InlineData(131047, WhatsappRetry.No)]
    [InlineData(131049, WhatsappRetry.No)]
    [InlineData(131050, WhatsappRetry.No)]
    [InlineData(131051, WhatsappRetry.No)]
    [InlineData(131052, WhatsappRetry.No)]
    [InlineData(131053, WhatsappRetry.No)]
    [InlineData(132000, WhatsappRetry.No)]
    [InlineData(132001, WhatsappRetry.No)]
    [InlineData(132007, WhatsappRetry.No)]
    [InlineData(132015, WhatsappRetry.No)]
    [InlineData(132016, WhatsappRetry.No)]
    public void Code_decides_whether_it_is_sent_again(int code, WhatsappRetry retry)
    {
        // That the vendor calls a known error transient changes nothing.
        Assert.Equal(retry, WhatsappErrors.Of(code).Retry);
        Assert.Equal(WhatsappErrors.Of(code), WhatsappErrors.Of(code, isTransient: true));
    }

    [Fact]
    public void Only_two_codes_need_a_new_connection() =>
        Assert.Equal([0, 190], WhatsappErrors.All.Where(error => error.NeedsReconnect).Select(error => error.Code!.Value));

    [Fact]
    public void Restrictions_stop_the_account() =>
        Assert.Equal([368, 131031, 131048], WhatsappErrors.All.Where(error => error.StopsAccount).Select(error => error.Code!.Value));

    [Fact]
    public void Unknown_code_is_final_unless_the_vendor_says_that_it_passes()
    {
        Assert.Equal(WhatsappRetry.No, WhatsappErrors.Of(4711).Retry);
        Assert.Equal(WhatsappRetry.Yes, WhatsappErrors.Of(4711, isTransient: true).Retry);
        Assert.Contains("4711", WhatsappErrors.Of(4711).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, WhatsappRetry.Yes, false)]
    [InlineData(429, WhatsappRetry.Yes, false)]
    [InlineData(404, WhatsappRetry.No, false)]
    [InlineData(500, WhatsappRetry.No, true)]
    [InlineData(502, WhatsappRetry.No, true)]
    [InlineData(504, WhatsappRetry.No, true)]
    [InlineData(200, WhatsappRetry.No, true)]
    public void Without_a_code_the_status_says_whether_it_may_have_been_sent(int status, WhatsappRetry retry, bool isUnknown) =>
        Assert.Equal((retry, isUnknown), (WhatsappErrors.OfStatus(status).Retry, WhatsappErrors.OfStatus(status).IsUnknown));

    [Fact]
    public void Every_error_has_a_sentence_for_people() =>
        Assert.All(WhatsappErrors.All, error => Assert.Matches(@"^[A-Z].{20,}\.$", error.Sentence));
}
