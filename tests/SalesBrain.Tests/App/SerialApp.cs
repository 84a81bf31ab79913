namespace SalesBrain.Tests.App;

/// <summary>
/// An app whose test classes run one after the other: for tests that read what all organizations have, count statements or hold locks. They
/// find rows of the classes before them, but nobody changes any at the same time.
/// </summary>
public sealed class SerialApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "one after the other";

    public override bool CountsStatements => true;
}

[CollectionDefinition(SerialApp.Collection)]
public sealed class SerialCollection : ICollectionFixture<SerialApp>;
