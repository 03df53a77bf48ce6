namespace Sequence.Datasets;

/// <summary>Two documents, and whether one cites the other.</summary>
/// <param name="FirstName">Identifier of the first document.</param>
/// <param name="SecondName">Identifier of the second document.</param>
/// <param name="First">Text of the first document, cut where the reader was told to.</param>
/// <param name="Second">Text of the second document, cut likewise.</param>
/// <param name="Label">1 when the documents are linked, otherwise 0.</param>
public sealed record DocumentPair(string FirstName, string SecondName, string First, string Second, int Label);
