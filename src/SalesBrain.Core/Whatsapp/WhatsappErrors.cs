namespace SalesBrain.Core.Whatsapp;

/// <summary>
/// The errors of WhatsApp by their code. The HTTP status of an error differs between versions of the API, so it decides only where a
/// response has no code.
/// </summary>
public static class WhatsappErrors
{
    /// <summary>More than 24 hours have passed since the person last wrote.</summary>
    public const int WindowClosed = 131047;

    /// <summary>This number wrote to this person too often.</summary>
    public const int PairLimit = 131056;

    /// <summary>The number sends more messages a second than it may.</summary>
    public const int ThroughputReached = 130429;

    /// <summary>Every code that is known, in its order.</summary>
    public static IReadOnlyList<WhatsappError> All { get; } =
    [
        new(0, WhatsappRetry.No, "WhatsApp no longer accepts the organization's sign-in. An administrator must connect the account again.")
        {
            NeedsReconnect = true,
        },
        new(1, WhatsappRetry.Once, "WhatsApp failed without saying why. Try again later."),
        new(2, WhatsappRetry.Yes, "WhatsApp is not available at the moment. Try again later."),
        new(
            3, WhatsappRetry.No,
            "The organization's WhatsApp account may not do this. An administrator must check its permissions at Meta."),
        new(4, WhatsappRetry.Queue, "SalesBrain sent too many requests to WhatsApp. Messages wait until WhatsApp accepts more."),
        new(10, WhatsappRetry.No, NoPermission),
        new(
            33, WhatsappRetry.No,
            "WhatsApp does not know the organization's phone number any more. An administrator must check the number at Meta."),
        new(100, WhatsappRetry.No, "WhatsApp does not accept the content of the request."),
        new(190, WhatsappRetry.No, "WhatsApp's access token has expired or was withdrawn. An administrator must connect the account again.")
        {
            NeedsReconnect = true,
        },
        new(368, WhatsappRetry.No, "WhatsApp has blocked the account because it violated a policy. An administrator must look into it at Meta.") { StopsAccount = true },
        new(
            80007, WhatsappRetry.Queue,
            "The organization's WhatsApp account has reached its limit of requests. Messages wait until WhatsApp accepts more."),
        new(
            ThroughputReached, WhatsappRetry.Queue,
            "The organization's number sends more messages a second than WhatsApp allows. Messages wait."),
        new(131008, WhatsappRetry.No, "The message lacks something that WhatsApp requires."),
        new(131009, WhatsappRetry.No, "The message has a value that WhatsApp does not accept."),
        new(131021, WhatsappRetry.No, "The recipient is the organization's own number."),
        new(
            131026, WhatsappRetry.No,
            "The message cannot be delivered: the number is not on WhatsApp, or the person has not accepted its current terms."),
        new(131030, WhatsappRetry.No, "The organization's number is a test number, and the recipient is not on its list."),
        new(131031, WhatsappRetry.No, "WhatsApp has locked the organization's account. An administrator must look into it at Meta.")
        {
            StopsAccount = true,
        },
        new(
            131042, WhatsappRetry.No,
            "WhatsApp could not charge the organization. An administrator must check the payment method at Meta."),
        new(
            WindowClosed, WhatsappRetry.No,
            "More than 24 hours have passed since the person last wrote. Only a template can be sent until the person writes again."),
        new(131048, WhatsappRetry.No, "WhatsApp stopped the number because too many people blocked or reported it. An administrator must check its quality at Meta.")
        {
            StopsAccount = true,
        },
        new(
            131049, WhatsappRetry.No,
            "WhatsApp did not deliver the message because the person gets too many marketing messages. Sending it "
            + "again soon does not help."),
        new(131050, WhatsappRetry.No, "The person does not want marketing messages from the organization."),
        new(131051, WhatsappRetry.No, "WhatsApp does not support this type of message."),
        new(131052, WhatsappRetry.No, "WhatsApp could not download the media of the message."),
        new(131053, WhatsappRetry.No, "WhatsApp could not take the media of the message."),
        new(
            PairLimit, WhatsappRetry.Pair,
            "The organization's number wrote to this person too often in a short time. The message is sent again after a pause."),
        new(131057, WhatsappRetry.Yes, "WhatsApp is maintaining the organization's number. It takes about a minute."),
        new(132000, WhatsappRetry.No, "The number of values does not match the template."),
        new(132001, WhatsappRetry.No, "The template does not exist in this language, or is not approved."),
        new(132007, WhatsappRetry.No, "The template violates a policy of WhatsApp."),
        new(132015, WhatsappRetry.No, "WhatsApp has paused the template because of its low quality."),
        new(132016, WhatsappRetry.No, "WhatsApp has disabled the template because of its low quality."),
        new(133004, WhatsappRetry.Yes, "WhatsApp is not available at the moment. Try again later."),
        new(
            133005, WhatsappRetry.No,
            "The number has a PIN of an earlier registration. Turn off two-step verification for the number at Meta, then try again."),
        new(133016, WhatsappRetry.No, "The number was registered too often in a short time. Try again later."),
    ];

    private const string NoPermission = "The organization's WhatsApp account lacks a permission for this, or it was withdrawn. An "
        + "administrator must check it at Meta.";

    private static readonly Dictionary<int, WhatsappError> ByCode = All.ToDictionary(error => error.Code!.Value);

    /// <summary>The error of a code. An unknown one is final unless the vendor says that it passes.</summary>
    /// <param name="code">The vendor's code.</param>
    /// <param name="isTransient">Whether the vendor says so. It counts for unknown codes only.</param>
    public static WhatsappError Of(int code, bool isTransient = false) => ByCode.TryGetValue(code, out var known)
        ? known
        : code is >= 200 and <= 299
            ? new(code, WhatsappRetry.No, NoPermission)
            : new(code, isTransient ? WhatsappRetry.Yes : WhatsappRetry.No, $"WhatsApp refused it with the error {code}.");

    /// <summary>
    /// The error of a response without a code, such as a page of a proxy. 503 and 429 say that the request was not processed. After any
    /// other status of 500 or more, and after a success that cannot be read, nobody knows whether the message was sent.
    /// </summary>
    public static WhatsappError OfStatus(int status) => status switch
    {
        429 or 503 => new(null, WhatsappRetry.Yes, "WhatsApp is not available at the moment. Try again later."),
        >= 400 and < 500 => new(null, WhatsappRetry.No, $"WhatsApp refused it with the status {status}."),
        _ => Unknown,
    };

    /// <summary>The account's error code with <see cref="TokenUnreadable"/>.</summary>
    public const string TokenUnreadableCode = "token_unreadable";

    /// <summary>The account's token cannot be decrypted, so nothing was sent.</summary>
    public static WhatsappError TokenUnreadable { get; } =
        new(null, WhatsappRetry.No, "The account's access token cannot be read. An administrator must connect the account again.")
        {
            NeedsReconnect = true,
        };

    /// <summary>The connection failed before anything was sent.</summary>
    public static WhatsappError NotSent { get; } = new(null, WhatsappRetry.Yes, "WhatsApp could not be reached. Try again later.");

    /// <summary>The request was sent, and no response came.</summary>
    public static WhatsappError Unknown { get; } =
        new(null, WhatsappRetry.No, "WhatsApp did not respond in time. It is unknown whether the message was sent.") { IsUnknown = true };
}
